package dev.zonekeeper.campaign.report;

import dev.zonekeeper.campaign.fault.Fault;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Two plots over the time of a campaign, one below the other, as SVG: updates acknowledged per
 * second, and for how long nothing was acknowledged around each fault. Faults are shaded.
 */
final class Plot {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 160;
  private static final int LEFT = 80;
  private static final int RIGHT = 30;
  private static final int TOP = 14;
  private static final int SECOND = TOP + HEIGHT + 40;
  private static final int BOTTOM = SECOND + HEIGHT;

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int MOST_MARKS = 12;

  /** Up to half a minute, then whole minutes: a mark has one unit. */
  private static final List<Integer> STEPS =
      List.of(1, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200);

  private final Report report;
  private final StringBuilder svg = new StringBuilder();

  private Plot(Report report) {
    this.report = report;
  }

  static String of(Report report) {
    return new Plot(report).draw();
  }

  private String draw() {
    add(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"acknowledged updates per second, and"
                + " interruptions\">",
            LEFT + WIDTH + RIGHT,
            BOTTOM + 24));
    faults();
    perSecond();
    gaps();
    times();
    return svg.append("</svg>\n").toString();
  }

  private void faults() {
    for (Fault fault : report.faults()) {
      double from = x(fault.startNanos());
      add(
          String.format(
              Locale.ROOT,
              "<rect class=\"fault\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>",
              from,
              TOP,
              Math.max(1, x(fault.endNanos()) - from),
              BOTTOM - TOP,
              title(fault)));
    }
  }

  private void perSecond() {
    int[] counts = report.perSecond();
    int most = Math.max(1, Arrays.stream(counts).max().orElse(1));
    axis(TOP, most + "/s", "acknowledged updates");
    double width = (double) WIDTH / counts.length;
    for (int i = 0; i < counts.length; i++) {
      double height = (double) HEIGHT * counts[i] / most;
      add(
          String.format(
              Locale.ROOT,
              "<rect class=\"rate\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>",
              LEFT + i * width,
              TOP + HEIGHT - height,
              Math.max(0.5, width * 0.9),
              height));
    }
  }

  private void gaps() {
    List<Duration> gaps = report.gaps();
    double most = gaps.stream().mapToLong(Duration::toMillis).max().orElse(1);
    axis(SECOND, TextReport.shown(Duration.ofMillis((long) most)), "nothing acknowledged for");
    for (int i = 0; i < gaps.size(); i++) {
      Fault fault = report.faults().get(i);
      double height = HEIGHT * gaps.get(i).toMillis() / Math.max(1, most);
      add(
          String.format(
              Locale.ROOT,
              "<rect class=\"gap\" x=\"%.1f\" y=\"%.1f\" width=\"3\" height=\"%.1f\"><title>%s: %s</title></rect>",
              x(fault.startNanos()),
              SECOND + HEIGHT - height,
              height,
              title(fault),
              TextReport.shown(gaps.get(i))));
    }
  }

  private void axis(int top, String most, String what) {
    add(
        String.format(
            Locale.ROOT,
            "<path class=\"axis\" d=\"M%d %d V%d H%d\"/>",
            LEFT,
            top,
            top + HEIGHT,
            LEFT + WIDTH));
    add(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
            LEFT - 4,
            top + 10,
            most));
    add(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>", LEFT + 4, top - 3, what));
  }

  private void times() {
    long seconds = (report.endNanos() - report.originNanos()) / SECOND_NANOS;
    int step = step(seconds);
    for (long at = 0; at <= seconds; at += step) {
      add(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
              x(report.originNanos() + at * SECOND_NANOS),
              BOTTOM + 18,
              step < 60 ? at + " s" : at / 60 + " min"));
    }
  }

  /** The time between two marks, in seconds: one that people count in, and not too many of them. */
  static int step(long seconds) {
    return STEPS.stream()
        .filter(step -> seconds / step <= MOST_MARKS)
        .findFirst()
        .orElse(STEPS.getLast());
  }

  private double x(long nanos) {
    return LEFT
        + WIDTH
            * (double) (nanos - report.originNanos())
            / Math.max(1, report.endNanos() - report.originNanos());
  }

  private static String title(Fault fault) {
    return HtmlReport.escaped(fault.kind().word() + " " + fault.target());
  }

  private void add(String element) {
    svg.append(element).append('\n');
  }
}
