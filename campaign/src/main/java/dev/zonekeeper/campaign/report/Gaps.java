package dev.zonekeeper.campaign.report;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Times in which no update was acknowledged to anybody. */
final class Gaps {
  private final long[] edges;

  /**
   * From the answers.
   *
   * @param acknowledgedAt sorted, {@link System#nanoTime()}
   * @param originNanos when clients began
   * @param endNanos when they ended
   */
  Gaps(long[] acknowledgedAt, long originNanos, long endNanos) {
    edges = new long[acknowledgedAt.length + 2];
    edges[0] = originNanos;
    System.arraycopy(acknowledgedAt, 0, edges, 1, acknowledgedAt.length);
    edges[edges.length - 1] = endNanos;
  }

  /** The longest of those that have some time in common with this one. */
  Duration during(long startNanos, long endNanos) {
    int first = Math.max(1, firstNotBefore(startNanos));
    long longest = 0;
    for (int i = first; i < edges.length && edges[i - 1] <= endNanos; i++) {
      longest = Math.max(longest, edges[i] - edges[i - 1]);
    }
    return Duration.ofNanos(longest);
  }

  private int firstNotBefore(long nanos) {
    int at = Arrays.binarySearch(edges, nanos);
    return at >= 0 ? at : -at - 1;
  }

  /**
   * The value that so many percent of them do not exceed.
   *
   * @param percent 0 to 100
   */
  static Duration percentile(List<Duration> times, int percent) {
    if (times.isEmpty()) {
      return Duration.ZERO;
    }
    List<Duration> sorted = times.stream().sorted().toList();
    return sorted.get(Math.max(0, Math.ceilDiv(sorted.size() * percent, 100) - 1));
  }
}
