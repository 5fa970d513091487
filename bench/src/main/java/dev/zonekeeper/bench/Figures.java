package dev.zonekeeper.bench;

import java.util.Collection;

/** The arithmetic of the tables. */
final class Figures {
  private Figures() {}

  /** The middle one; the lower of the two middle ones. NaN when there is none. */
  static double median(Collection<Double> values) {
    return percentile(values, 50);
  }

  /** The smallest value that at least so many percent do not exceed. NaN when there is none. */
  static double percentile(Collection<Double> values, double percent) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }

  static String perSecond(double rate) {
    return "%,.0f/s".formatted(rate);
  }

  static String millis(double millis) {
    return (millis < 10 ? "%.2f ms" : "%,.0f ms").formatted(millis);
  }

  static String times(double ratio) {
    return "%.2f x".formatted(ratio);
  }
}
