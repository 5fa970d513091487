package dev.zonekeeper.bench.load;

import java.util.Arrays;

/** Measured durations in nanoseconds, kept all, so that percentiles are exact. Thread-safe. */
public final class Samples {
  private long[] nanos = new long[1024];
  private int count;

  /** Adds one. */
  public synchronized void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = duration;
  }

  /** How many there are. */
  public synchronized int count() {
    return count;
  }

  /**
   * The smallest sample that at least this share of all does not exceed (nearest rank).
   *
   * @param percent 0 to 100; 100 is the largest
   * @return in milliseconds; NaN when there is none
   */
  public synchronized double millis(double percent) {
    if (count == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * count);
    return sorted[Math.clamp(rank - 1, 0, count - 1)] / 1e6;
  }
}
