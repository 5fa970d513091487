package dev.zonekeeper.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Single figures, as they were measured. */
public final class Findings {
  /**
   * One of them.
   *
   * @param side who was measured
   * @param x where on the plot's horizontal axis
   * @param value in the plot's unit
   */
  record Finding(Plot plot, String side, double x, double value) {}

  private final List<Finding> all = new ArrayList<>();

  /** Adds one; several of the same place are runs, of which plots show the median. */
  public void add(Plot plot, String side, double x, double value) {
    all.add(new Finding(plot, side, x, value));
  }

  List<Finding> all() {
    return List.copyOf(all);
  }

  /** The plots of which there is something. */
  List<Plot> plots() {
    return all.stream().map(Finding::plot).distinct().toList();
  }

  /** For each side the median at each place; sides in the order in which they came. */
  Map<String, SortedMap<Double, Double>> medians(Plot plot) {
    Map<String, TreeMap<Double, List<Double>>> runs = new LinkedHashMap<>();
    for (Finding finding : all) {
      if (finding.plot() == plot) {
        runs.computeIfAbsent(finding.side(), side -> new TreeMap<>())
            .computeIfAbsent(finding.x(), x -> new ArrayList<>())
            .add(finding.value());
      }
    }
    Map<String, SortedMap<Double, Double>> medians = new LinkedHashMap<>();
    runs.forEach((side, places) -> {
      TreeMap<Double, Double> line = new TreeMap<>();
      places.forEach((x, values) -> line.put(x, median(values)));
      medians.put(side, line);
    });
    return medians;
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return Arrays.stream(sorted).skip((sorted.length - 1) / 2).findFirst().orElseThrow();
  }
}
