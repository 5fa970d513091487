package dev.zonekeeper.campaign.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Watches the serials that each server shows: they may not go back (RFC 1982). */
public final class SerialWatch {
  private final Map<String, Long> last = new HashMap<>();
  private final List<Anomaly> anomalies = new ArrayList<>();

  /**
   * Takes what a server showed; calls for one server come in the order of its answers.
   *
   * @param serial 0 to 2^32 - 1
   * @param atNanos when, since the beginning of the campaign
   */
  public synchronized void seen(String server, String zone, long serial, long atNanos) {
    Long before = last.put(server + " " + zone, serial);
    if (before != null && (int) (serial - (long) before) < 0) {
      anomalies.add(
          new Anomaly(
              zone + " at " + server,
              "its serial went back from %d to %d at %.3f s"
                  .formatted(before, serial, atNanos / 1e9),
              List.of()));
    }
  }

  /** What went back. */
  public synchronized List<Anomaly> anomalies() {
    return List.copyOf(anomalies);
  }
}
