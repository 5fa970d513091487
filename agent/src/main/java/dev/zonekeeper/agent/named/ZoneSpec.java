package dev.zonekeeper.agent.named;

import java.util.List;
import org.xbill.DNS.Name;

/**
 * A zone as {@code named} is to serve it.
 *
 * @param zone the absolute name of the zone
 * @param grants who may change what, in order: BIND takes the first that matches
 * @param transferKeys the keys that may transfer the zone besides the cluster key
 */
public record ZoneSpec(Name zone, List<Grant> grants, List<Name> transferKeys) {
  public ZoneSpec {
    if (!zone.isAbsolute()) {
      throw new IllegalArgumentException("zone name " + zone + " is not absolute");
    }
    grants = List.copyOf(grants);
    transferKeys = List.copyOf(transferKeys);
  }
}
