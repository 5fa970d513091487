package dev.zonekeeper.bench.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * Counts outcomes, times them, and finds the longest time without an acknowledgement. Thread-safe.
 */
public final class Tally {
  private final Samples latencies = new Samples();
  private final Map<String, Long> failures = new TreeMap<>();
  private long firstStartNanos;
  private long lastAckNanos;
  private long longestGapNanos;
  private boolean begun;

  /** Takes one result. */
  public synchronized void record(Result result) {
    if (!begun) {
      begun = true;
      firstStartNanos = result.startNanos();
      lastAckNanos = result.startNanos();
    }
    switch (result.outcome()) {
      case Outcome.Acknowledged acknowledged -> {
        latencies.add(result.nanos());
        longestGapNanos = Math.max(longestGapNanos, result.endNanos() - lastAckNanos);
        lastAckNanos = result.endNanos();
      }
      case Outcome.Refused refused -> failures.merge(refused.inWords(), 1L, Long::sum);
      case Outcome.Unknown(String why) -> failures.merge(why, 1L, Long::sum);
    }
  }

  /** How long acknowledged updates took. */
  public Samples latencies() {
    return latencies;
  }

  /** How many were acknowledged. */
  public long acknowledged() {
    return latencies.count();
  }

  /** What else happened, by RCODE or reason, and how often. */
  public synchronized Map<String, Long> failures() {
    return Map.copyOf(failures);
  }

  /** The longest time between two acknowledgements, in milliseconds. */
  public synchronized double longestGapMillis() {
    return longestGapNanos / 1e6;
  }

  /** Acknowledgements per second, from the first transmission to the last acknowledgement. */
  public synchronized double perSecond() {
    return latencies.count() * 1e9 / Math.max(1, lastAckNanos - firstStartNanos);
  }
}
