package dev.zonekeeper.bench.load;

import java.net.InetSocketAddress;

/**
 * One finished operation.
 *
 * @param change what was to be written
 * @param outcome how it ended
 * @param server where it was sent
 * @param startNanos when it was sent first, {@link System#nanoTime()}
 * @param endNanos when the outcome was known, {@link System#nanoTime()}
 * @param transmissions how often it was sent, at least 1
 */
public record Result(
    Change change,
    Outcome outcome,
    InetSocketAddress server,
    long startNanos,
    long endNanos,
    int transmissions) {

  /** How long the client waited, in nanoseconds. */
  public long nanos() {
    return endNanos - startNanos;
  }
}
