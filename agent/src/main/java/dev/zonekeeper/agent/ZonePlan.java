package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.named.Grant;
import dev.zonekeeper.agent.named.Serving;
import dev.zonekeeper.agent.named.ZoneSpec;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xbill.DNS.Name;

/**
 * What a cluster file means for a named: its zones with who may change them, the keys, the log.
 *
 * @param names those of the zones
 */
record ZonePlan(Serving serving, Set<Name> names) {

  /**
   * Reads the keys, too: to be made once for each cluster file.
   *
   * @throws UncheckedIOException a key file cannot be read
   */
  static ZonePlan of(ClusterFile cluster) {
    Map<Name, List<Grant>> grants = new HashMap<>();
    Map<Name, List<Name>> transferKeys = new HashMap<>();
    List<Name> transferAll = new ArrayList<>();
    List<TsigKey> keys = new ArrayList<>();
    for (ClusterFile.Key key : cluster.keys()) {
      keys.addAll(read(key));
      for (ClusterFile.Grant grant : key.grants()) {
        grants
            .computeIfAbsent(grant.zone(), zone -> new ArrayList<>())
            .add(new Grant(key.name(), grant.rule()));
      }
      if (key.transfersAll()) {
        transferAll.add(key.name());
      } else if (key.transfer()) {
        key.grants().stream()
            .map(ClusterFile.Grant::zone)
            .distinct()
            .forEach(
                zone -> transferKeys.computeIfAbsent(zone, z -> new ArrayList<>()).add(key.name()));
      }
    }
    List<ZoneSpec> zones = new ArrayList<>();
    Set<Name> names = new HashSet<>();
    for (ClusterFile.Zone zone : cluster.zones()) {
      List<Name> mayTransfer = new ArrayList<>(transferAll);
      mayTransfer.addAll(transferKeys.getOrDefault(zone.name(), List.of()));
      zones.add(
          new ZoneSpec(zone.name(), grants.getOrDefault(zone.name(), List.of()), mayTransfer));
      names.add(zone.name());
    }
    return new ZonePlan(new Serving(zones, keys, cluster.queryLog()), Set.copyOf(names));
  }

  List<ZoneSpec> zones() {
    return serving.zones();
  }

  List<TsigKey> keys() {
    return serving.keys();
  }

  private static List<TsigKey> read(ClusterFile.Key key) {
    try {
      return TsigKey.read(key.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
