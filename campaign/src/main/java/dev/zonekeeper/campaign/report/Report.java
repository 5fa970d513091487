package dev.zonekeeper.campaign.report;

import dev.zonekeeper.campaign.check.Anomaly;
import dev.zonekeeper.campaign.fault.Fault;
import dev.zonekeeper.campaign.history.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What came of a campaign.
 *
 * @param subject what it was done to, in words
 * @param begun when clients began, by the clock that the members' logs go by
 * @param originNanos the same moment, {@link System#nanoTime()}
 * @param endNanos when the last of them ended
 * @param writes how many updates ended how
 * @param reads queries that were answered
 * @param names that were written to
 * @param acknowledgedAt when updates were acknowledged, sorted
 * @param late names that a primary member once showed as they had been before
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Report(
    String subject,
    Duration duration,
    long seed,
    Instant begun,
    long originNanos,
    long endNanos,
    List<Fault> faults,
    Map<Outcome, Long> writes,
    long reads,
    int names,
    long[] acknowledgedAt,
    int late,
    List<Anomaly> anomalies) {
  public Report {
    faults = List.copyOf(faults);
    writes = Map.copyOf(writes);
    acknowledgedAt = acknowledgedAt.clone();
    anomalies = List.copyOf(anomalies);
  }

  @Override
  public long[] acknowledgedAt() {
    return acknowledgedAt.clone();
  }

  /** How many updates were acknowledged. */
  public long acknowledged() {
    return acknowledgedAt.length;
  }

  /** The last line of a campaign's output. */
  public String lastLine() {
    return "anomalies: %d, acknowledged: %d, faults: %d"
        .formatted(anomalies.size(), acknowledged(), faults.size());
  }

  /** What it was done to, and how to find it in the logs, in a line. */
  String heading() {
    return "%s; seed %d, %d s, from %s on"
        .formatted(subject, seed, duration.toSeconds(), begun.truncatedTo(ChronoUnit.MILLIS));
  }

  /** For how long nothing was acknowledged around each fault, in the faults' order. */
  public List<Duration> gaps() {
    Gaps gaps = new Gaps(acknowledgedAt, originNanos, endNanos);
    return faults.stream().map(fault -> gaps.during(fault.startNanos(), fault.endNanos())).toList();
  }

  /** Updates acknowledged in each second from the beginning on. */
  public int[] perSecond() {
    int seconds = (int) Math.ceilDiv(endNanos - originNanos, 1_000_000_000L);
    int[] counts = new int[Math.max(1, seconds)];
    Arrays.stream(acknowledgedAt)
        .mapToInt(at -> (int) ((at - originNanos) / 1_000_000_000L))
        .filter(second -> second >= 0 && second < counts.length)
        .forEach(second -> counts[second]++);
    return counts;
  }
}
