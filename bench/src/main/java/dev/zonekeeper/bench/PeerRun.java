package dev.zonekeeper.bench;

/**
 * What one server did in one round.
 *
 * @param side whose server
 * @param zones how many zones were changed
 * @param inFlight how many updates at a time
 * @param round from 1
 * @param perSecond acknowledged updates per second
 * @param medianMillis of the acknowledged ones; NaN when there was none
 * @param p99Millis the same
 * @param failures how many were refused or not answered
 * @param heldPerSecond the acknowledged ones by the time from the first until all servers that the
 *     side has hold them; NaN for a side that is one server
 */
record PeerRun(
    String side,
    int zones,
    int inFlight,
    int round,
    double perSecond,
    double medianMillis,
    double p99Millis,
    long failures,
    double heldPerSecond) {

  static PeerRun of(
      String side, int zones, int inFlight, int round, LoadRun run, double heldPerSecond) {
    return new PeerRun(
        side,
        zones,
        inFlight,
        round,
        run.perSecond(),
        run.medianMillis(),
        run.tally().latencies().millis(99),
        run.tally().failures().values().stream().mapToLong(Long::longValue).sum(),
        heldPerSecond);
  }
}
