package dev.zonekeeper.core;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether a zone that comes with a serial of its own can live with the zones of a cluster.
 *
 * <p>All zones are raised into one epoch, whose first serial must be newer than each of theirs. RFC
 * 1982 orders two serials only when they are less than 2^31 apart, so serials that lie all around
 * the circle have no such epoch: a leader would raise its own past one zone and then past the
 * other, for ever.
 */
public sealed interface Adoption {

  /** How many takeovers there may be until the zone is raised. */
  int SPARE_EPOCHS = 100;

  /** All zones can be raised into the epoch that the new one needs. */
  record Possible(long epoch) implements Adoption {}

  /**
   * The new zone needs that epoch, and the zone here, with its serial, cannot be raised into it.
   */
  record Impossible(long epoch, String zone, ZoneSerial serial) implements Adoption {}

  /**
   * Judges a zone with this serial. Zones that are there may wait for an epoch of theirs still.
   *
   * @param epoch the cluster's; the new zone is raised into a later one
   * @param zones the serials of all zones that are there
   */
  static Adoption judge(ZoneSerial serial, long epoch, Map<String, ZoneSerial> zones) {
    long next =
        zones.values().stream().mapToLong(z -> z.epochPast(epoch + 1)).max().orElse(epoch + 1);
    long soonest = serial.epochPast(next);
    return obstacle(soonest, zones)
        .or(() -> obstacle(serial.epochPast(next + SPARE_EPOCHS), zones))
        .<Adoption>map(found -> found)
        .orElse(new Possible(soonest));
  }

  private static Optional<Impossible> obstacle(long epoch, Map<String, ZoneSerial> zones) {
    ZoneSerial first = ZoneSerial.firstOf(epoch);
    return new TreeMap<>(zones)
        .entrySet().stream()
            .filter(zone -> !first.isAfter(zone.getValue()))
            .findFirst()
            .map(zone -> new Impossible(epoch, zone.getKey(), zone.getValue()));
  }
}
