package dev.zonekeeper.campaign.report;

import dev.zonekeeper.campaign.check.Anomaly;
import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as text. Its last line is that of the campaign. */
public final class TextReport {
  private static final int MOST_SHOWN = 5;

  private TextReport() {}

  /**
   * Renders it.
   *
   * @param whole whether every anomaly is shown with its evidence, or only some
   */
  public static String of(Report report, boolean whole) {
    StringBuilder text = new StringBuilder();
    line(text, report.heading());
    line(text, "");
    Map<Outcome, Long> writes = report.writes();
    line(
        text,
        "updates: %,d acknowledged, %,d with a prerequisite that was not met, %,d rejected, %,d unknown"
            .formatted(
                writes.get(Outcome.ACKNOWLEDGED),
                writes.get(Outcome.UNMET),
                writes.get(Outcome.REJECTED),
                writes.get(Outcome.UNKNOWN)));
    line(text, "queries: %,d answered, of %,d names".formatted(report.reads(), report.names()));
    line(
        text,
        "names that a primary once showed as they had been before: %,d".formatted(report.late()));
    line(text, "");
    table(text, report);
    anomalies(text, report.anomalies(), whole ? Integer.MAX_VALUE : MOST_SHOWN);
    line(text, report.lastLine());
    return text.toString();
  }

  private static void table(StringBuilder text, Report report) {
    line(text, "%-16s %6s   %s".formatted("fault", "number", "nothing acknowledged for"));
    line(text, "%-16s %6s   %9s %9s %9s".formatted("", "", "median", "p99", "max"));
    List<Duration> gaps = report.gaps();
    byKind(report).forEach((kind, some) -> row(text, kind.word(), some));
    row(text, "all", gaps);
    line(text, "");
  }

  /** The times without an acknowledged update, by the kind of fault they were around. */
  static Map<FaultKind, List<Duration>> byKind(Report report) {
    Map<FaultKind, List<Duration>> kinds = new EnumMap<>(FaultKind.class);
    List<Duration> gaps = report.gaps();
    for (int i = 0; i < gaps.size(); i++) {
      kinds.computeIfAbsent(report.faults().get(i).kind(), _ -> new ArrayList<>()).add(gaps.get(i));
    }
    return kinds;
  }

  private static void row(StringBuilder text, String what, List<Duration> gaps) {
    line(
        text,
        "%-16s %6d   %9s %9s %9s"
            .formatted(
                what,
                gaps.size(),
                shown(Gaps.percentile(gaps, 50)),
                shown(Gaps.percentile(gaps, 99)),
                shown(Gaps.percentile(gaps, 100))));
  }

  private static void anomalies(StringBuilder text, List<Anomaly> anomalies, int most) {
    for (Anomaly anomaly : anomalies.stream().limit(most).toList()) {
      line(text, "ANOMALY %s: %s".formatted(anomaly.where(), anomaly.what()));
      anomaly.evidence().forEach(evidence -> line(text, "    %s".formatted(evidence)));
    }
    if (anomalies.size() > most) {
      line(
          text,
          "... and %,d more anomalies, all in the report's folder"
              .formatted(anomalies.size() - most));
    }
    if (!anomalies.isEmpty()) {
      line(text, "");
    }
  }

  /** A time for people. */
  static String shown(Duration time) {
    return String.format(Locale.ROOT, "%,d ms", time.toMillis());
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
