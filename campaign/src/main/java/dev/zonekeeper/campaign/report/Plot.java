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
  private static final int LEFT = 60;
  private static final int TOP = 14;
  private static final int SECOND = TOP + HEIGHT + 40;
  private static final int BOTTOM = SECOND + HEIGHT;

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
            LEFT + WIDTH + 10,
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
    double seconds = (report.endNanos() - report.originNanos()) / 1e9;
    for (int i = 0; i <= 6; i++) {
      add(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f s</text>",
              LEFT + WIDTH * i / 6.0,
              BOTTOM + 18,
              seconds * i / 6));
    }
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
