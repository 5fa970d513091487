package dev.zonekeeper.bench;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.bare.BareReplicas;
import dev.zonekeeper.bench.bare.ServerProcess;
import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.load.LoadSettings;
import dev.zonekeeper.bench.load.UpdateSigner;
import dev.zonekeeper.dns.TsigKey;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Name;

/**
 * Something that takes updates.
 *
 * @param servers where clients go
 * @param key the clients' key
 * @param zone that they change
 * @param processes whose processor time counts, by what they are
 */
record Target(
    List<InetSocketAddress> servers, TsigKey key, Name zone, Map<String, Long> processes) {

  static Target of(BareNamed named, TsigKey key, Name zone) {
    return new Target(List.of(named.dns()), key, zone, Map.of("named", named.pid()));
  }

  static Target of(ServerProcess server, TsigKey key, Name zone) {
    return new Target(List.of(server.dns()), key, zone, Map.of(server.program(), server.pid()));
  }

  static Target of(BareReplicas replicas, TsigKey key, Name zone) {
    Map<String, Long> processes = new LinkedHashMap<>();
    processes.put("primary", replicas.primary().pid());
    for (int i = 0; i < replicas.secondaries().size(); i++) {
      processes.put("secondary " + i, replicas.secondaries().get(i).pid());
    }
    return new Target(List.of(replicas.primary().dns()), key, zone, processes);
  }

  /** A cluster whose clients all go to the leader. */
  static Target leader(ClusterStatus status, TsigKey key, Name zone) {
    return new Target(
        List.of(status.leading().orElseThrow().dnsAddress()), key, zone, processes(status));
  }

  /** A cluster whose clients are spread over the primary set. */
  static Target everyPrimary(ClusterStatus status, TsigKey key, Name zone) {
    return new Target(
        status.primaries().stream().map(ClusterStatus.Member::dnsAddress).toList(),
        key,
        zone,
        processes(status));
  }

  /** A cluster whose clients all go to members that do not lead. */
  static Target standbys(ClusterStatus status, TsigKey key, Name zone) {
    return new Target(
        status.primaries().stream()
            .filter(member -> !member.name().equals(status.leader()))
            .map(ClusterStatus.Member::dnsAddress)
            .toList(),
        key,
        zone,
        processes(status));
  }

  private static Map<String, Long> processes(ClusterStatus status) {
    Map<String, Long> processes = new LinkedHashMap<>();
    for (ClusterStatus.Member member : status.members()) {
      processes.put(member.role() + " agent " + member.name(), member.agentPid());
      processes.put(member.role() + " named " + member.name(), member.namedPid());
    }
    return processes;
  }

  /** UDP clients, each with its own socket. */
  LoadSettings clients(int number) {
    return LoadSettings.udp(servers, UpdateSigner.of(key)).clients(number);
  }
}
