package dev.zonekeeper.campaign.report;

import dev.zonekeeper.campaign.check.Anomaly;
import dev.zonekeeper.campaign.fault.Fault;
import dev.zonekeeper.campaign.history.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A report as one page that needs nothing else. */
public final class HtmlReport {
  private static final int MOST_ANOMALIES = 100;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; }
      body { font: 15px/1.45 system-ui, sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em; }
      table { border-collapse: collapse; margin: 1em 0; }
      th, td { padding: .15em .8em; text-align: right; border-bottom: 1px solid #8884; }
      th:first-child, td:first-child, .faults :nth-child(2) { text-align: left; }
      strong a { color: inherit; text-decoration: none; } .key { font-size: 13px; opacity: .8; }
      svg { width: 100%; height: auto; font-size: 11px; }
      svg text { fill: currentColor; }
      .axis { fill: none; stroke: currentColor; }
      .fault { fill: #e8a33d; opacity: .25; }
      .rate { fill: #3b7dd8; }
      .gap { fill: #c0392b; }
      pre { overflow-x: auto; font-size: 12px; background: #8881; padding: .6em; }
      .good { color: #2a8f4f; } .bad { color: #c0392b; }
      """;

  private HtmlReport() {}

  /** Renders it. */
  public static String of(Report report) {
    StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
    html.append("<meta charset=\"utf-8\">\n<title>Fault campaign</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<h1>Fault campaign</h1>\n<p>")
        .append(escaped(report.heading()))
        .append("</p>\n<p class=\"")
        .append(report.anomalies().isEmpty() ? "good" : "bad")
        .append("\"><strong><a href=\"#anomalies\">")
        .append(report.lastLine())
        .append("</a></strong></p>\n");
    html.append(Plot.of(report))
        .append("<p class=\"key\">Shaded: a fault, until it was undone; hold the mouse over one.")
        .append(" Times count from the moment above; the members' logs are in <code>logs</code>,")
        .append(" beside this page.</p>\n");
    operations(html, report);
    kinds(html, report);
    faults(html, report);
    anomalies(html, report.anomalies());
    return html.append("</body>\n</html>\n").toString();
  }

  private static void operations(StringBuilder html, Report report) {
    html.append("<h2>Operations</h2>\n<table>\n");
    Map<Outcome, Long> writes = report.writes();
    row(html, "updates acknowledged", number(writes.get(Outcome.ACKNOWLEDGED)));
    row(html, "updates whose prerequisite was not met", number(writes.get(Outcome.UNMET)));
    row(html, "updates rejected", number(writes.get(Outcome.REJECTED)));
    row(html, "updates of unknown outcome", number(writes.get(Outcome.UNKNOWN)));
    row(html, "queries answered", number(report.reads()));
    row(html, "names", number(report.names()));
    row(html, "names that a primary once showed as they had been before", number(report.late()));
    html.append("</table>\n");
  }

  private static void kinds(StringBuilder html, Report report) {
    html.append("<h2>Nothing acknowledged for</h2>\n<table>\n");
    html.append("<tr><th>fault</th><th>number</th><th>median</th><th>p99</th><th>max</th></tr>\n");
    TextReport.byKind(report).forEach((kind, gaps) -> row(html, kind.word(), gaps));
    row(html, "all", report.gaps());
    html.append("</table>\n");
  }

  private static void row(StringBuilder html, String what, List<Duration> gaps) {
    row(
        html,
        what,
        number(gaps.size()),
        TextReport.shown(Gaps.percentile(gaps, 50)),
        TextReport.shown(Gaps.percentile(gaps, 99)),
        TextReport.shown(Gaps.percentile(gaps, 100)));
  }

  private static void faults(StringBuilder html, Report report) {
    html.append(
        "<h2>Faults</h2>\n<table class=\"faults\">\n<tr><th>fault</th><th>member</th><th>at</th>");
    html.append("<th>undone after</th><th>nothing acknowledged for</th></tr>\n");
    List<Duration> gaps = report.gaps();
    for (int i = 0; i < gaps.size(); i++) {
      Fault fault = report.faults().get(i);
      row(
          html,
          fault.kind().word(),
          fault.target(),
          "%.1f s".formatted((fault.startNanos() - report.originNanos()) / 1e9),
          "%.1f s".formatted((fault.endNanos() - fault.startNanos()) / 1e9),
          TextReport.shown(gaps.get(i)));
    }
    html.append("</table>\n");
  }

  private static void anomalies(StringBuilder html, List<Anomaly> anomalies) {
    html.append("<h2 id=\"anomalies\">Anomalies</h2>\n");
    if (anomalies.isEmpty()) {
      html.append("<p>None.</p>\n");
    }
    for (Anomaly anomaly : anomalies.stream().limit(MOST_ANOMALIES).toList()) {
      html.append("<h3>")
          .append(escaped(anomaly.where()))
          .append("</h3>\n<p>")
          .append(escaped(anomaly.what()))
          .append("</p>\n");
      if (!anomaly.evidence().isEmpty()) {
        html.append("<pre>")
            .append(escaped(String.join("\n", anomaly.evidence())))
            .append("</pre>\n");
      }
    }
    if (anomalies.size() > MOST_ANOMALIES) {
      html.append("<p>The others are in report.txt.</p>\n");
    }
  }

  private static void row(StringBuilder html, String... cells) {
    html.append("<tr>");
    for (String cell : cells) {
      html.append("<td>").append(escaped(cell)).append("</td>");
    }
    html.append("</tr>\n");
  }

  private static String number(long value) {
    return "%,d".formatted(value);
  }

  /** Text that HTML and SVG take as it is. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
