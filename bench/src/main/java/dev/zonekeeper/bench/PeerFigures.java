package dev.zonekeeper.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The rounds of {@link Peers}, as text: CSV with each round, Markdown with the medians. */
record PeerFigures(List<PeerRun> runs) {

  /** Keeps a copy. */
  PeerFigures {
    runs = List.copyOf(runs);
  }

  /** The numbers of zones, in the order in which they were measured. */
  List<Integer> zones() {
    return runs.stream().map(PeerRun::zones).distinct().toList();
  }

  /** Who was measured with so many zones. */
  List<String> sides(int zones) {
    return of(zones).map(PeerRun::side).distinct().toList();
  }

  /** The numbers of updates in flight. */
  List<Integer> inFlight(int zones) {
    return of(zones).map(PeerRun::inFlight).distinct().toList();
  }

  /** The median over the rounds; NaN when nothing was measured. */
  double median(String side, int zones, int inFlight, ToDoubleFunction<PeerRun> figure) {
    return Figures.median(
        of(zones)
            .filter(run -> run.side().equals(side) && run.inFlight() == inFlight)
            .map(figure::applyAsDouble)
            .filter(value -> !value.isNaN())
            .toList());
  }

  /** One line for each side and round. */
  String csv() {
    StringBuilder csv =
        new StringBuilder(
            "row,side,zones,in_flight,round,acknowledged_per_s,median_ms,p99_ms,failures,until_all_hold_per_s\n");
    for (PeerRun run : runs) {
      csv.append(
          String.format(
              Locale.ROOT,
              "peers,\"%s\",%d,%d,%d,%.1f,%s,%s,%d,%s\n",
              run.side().replace("\"", "\"\""),
              run.zones(),
              run.inFlight(),
              run.round(),
              run.perSecond(),
              number(run.medianMillis()),
              number(run.p99Millis()),
              run.failures(),
              number(run.heldPerSecond())));
    }
    return csv.toString();
  }

  /**
   * The tables of medians.
   *
   * @param machine lines that say what it was measured with
   */
  String markdown(List<String> machine) {
    StringBuilder text = new StringBuilder("# Signed updates beside other name servers\n\n");
    machine.forEach(line -> text.append("* ").append(line).append('\n'));
    for (int zones : zones()) {
      text.append(
          "\n## %d zone%s\n\nAcknowledged per second, median latency, p99, unanswered or refused of all rounds, and where there are more servers than one the rate until all hold everything; medians over the rounds.\n\n"
              .formatted(zones, zones == 1 ? "" : "s"));
      List<String> sides = sides(zones);
      text.append("| in flight | ").append(String.join(" | ", sides)).append(" |\n|---|");
      text.append("---|".repeat(sides.size())).append('\n');
      for (int inFlight : inFlight(zones)) {
        List<String> cells = new ArrayList<>();
        sides.forEach(side -> cells.add(cell(side, zones, inFlight)));
        text.append("| ").append(inFlight).append(" | ");
        text.append(String.join(" | ", cells)).append(" |\n");
      }
    }
    return text.toString();
  }

  private String cell(String side, int zones, int inFlight) {
    long failures =
        of(zones)
            .filter(run -> run.side().equals(side) && run.inFlight() == inFlight)
            .mapToLong(PeerRun::failures)
            .sum();
    return String.format(
        Locale.ROOT,
        "%,.0f/s, %s, %s%s%s",
        median(side, zones, inFlight, PeerRun::perSecond),
        millis(median(side, zones, inFlight, PeerRun::medianMillis)),
        millis(median(side, zones, inFlight, PeerRun::p99Millis)),
        failures == 0 ? "" : String.format(Locale.ROOT, ", %,d failed", failures),
        held(median(side, zones, inFlight, PeerRun::heldPerSecond)));
  }

  private static String held(double perSecond) {
    return Double.isNaN(perSecond)
        ? ""
        : String.format(Locale.ROOT, ", %,.0f/s until all hold it", perSecond);
  }

  private static String millis(double millis) {
    return Double.isNaN(millis) ? "none" : Figures.millis(millis);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.3f", value);
  }

  private Stream<PeerRun> of(int zones) {
    return runs.stream().filter(run -> run.zones() == zones);
  }
}
