package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.named.Grant;
import dev.zonekeeper.agent.named.ZoneSpec;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;

/** What a cluster file means for a named: its zones with who may change them, and the keys. */
record ZonePlan(List<ZoneSpec> zones, List<TsigKey> keys) {

  /**
   * Reads the keys, too.
   *
   * @throws UncheckedIOException a key file cannot be read
   */
  static ZonePlan of(ClusterFile cluster) {
    List<TsigKey> keys = new ArrayList<>();
    for (ClusterFile.Key key : cluster.keys()) {
      try {
        keys.addAll(TsigKey.read(key.file()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new ZonePlan(
        cluster.zones().stream().map(zone -> spec(cluster, zone.name())).toList(), keys);
  }

  Set<Name> names() {
    return zones.stream().map(ZoneSpec::zone).collect(Collectors.toSet());
  }

  private static ZoneSpec spec(ClusterFile cluster, Name zone) {
    List<Grant> grants = new ArrayList<>();
    List<Name> transferKeys = new ArrayList<>();
    for (ClusterFile.Key key : cluster.keys()) {
      key.grants().stream()
          .filter(grant -> grant.zone().equals(zone))
          .forEach(grant -> grants.add(new Grant(key.name(), grant.rule())));
      if (key.transfers(zone)) {
        transferKeys.add(key.name());
      }
    }
    return new ZoneSpec(zone, grants, transferKeys);
  }
}
