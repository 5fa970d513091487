package dev.zonekeeper.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.ZoneSerial;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The whole cluster at one moment, put together from the lease and from what each agent says.
 *
 * @param epoch of the lease; the highest any member knows when there is no lease; 0 when none
 * @param leader the member that takes writes now; nobody while an election is under way
 * @param inSync the names in the lease's in-sync set
 * @param keyFile the first of the clients' keys
 */
record ClusterStatus(
    String cluster,
    long epoch,
    Optional<String> leader,
    List<String> inSync,
    int minInSync,
    Optional<Path> keyFile,
    List<ZoneStatus> zones,
    List<MemberStatus> members) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One zone.
   *
   * @param serial what the leader's name server serves; without a leader, the highest anywhere
   * @param committed what all in-sync members hold, as the leader knows it
   */
  record ZoneStatus(String name, OptionalLong serial, OptionalLong committed) {}

  /** Puts the picture together. */
  static ClusterStatus of(ClusterFile cluster, Optional<Lease> lease, List<MemberStatus> members) {
    long known = members.stream().mapToLong(MemberStatus::epoch).max().orElse(0);
    Optional<MemberStatus> leader =
        members.stream()
            .filter(MemberStatus::leads)
            .max((a, b) -> Long.compare(a.epoch(), b.epoch()));
    List<ZoneStatus> zones =
        cluster.zones().stream()
            .map(zone -> zone.name().toString(true))
            .map(zone ->
                new ZoneStatus(
                    zone,
                    serial(leader, members, MemberStatus::serials, zone),
                    serial(leader, members, MemberStatus::committed, zone)))
            .toList();
    return new ClusterStatus(
        cluster.name(),
        lease.map(Lease::epoch).orElse(known),
        leader.map(MemberStatus::name),
        lease.map(l -> List.copyOf(l.inSyncNames())).orElse(List.of()),
        cluster.minInSync(),
        cluster.keys().stream().findFirst().map(ClusterFile.Key::file),
        zones,
        List.copyOf(members));
  }

  private static OptionalLong serial(
      Optional<MemberStatus> leader,
      List<MemberStatus> members,
      Function<MemberStatus, Map<String, Long>> serials,
      String zone) {
    List<MemberStatus> asked = leader.map(List::of).orElse(members);
    return asked.stream()
        .map(member -> serials.apply(member).get(zone))
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .max();
  }

  /**
   * The serials of the zones. One that nobody tells now is taken to be where the epoch of the lease
   * has put it: whoever leads next raises it from there.
   */
  Map<String, ZoneSerial> serials() {
    Map<String, ZoneSerial> serials = new TreeMap<>();
    for (ZoneStatus zone : zones) {
      if (zone.serial().isPresent()) {
        serials.put(zone.name(), new ZoneSerial(zone.serial().getAsLong()));
      } else if (epoch > 0) {
        serials.put(zone.name(), ZoneSerial.firstOf(epoch));
      }
    }
    return serials;
  }

  MemberStatus member(String name) {
    return members.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  /** What is missing until the cluster is whole, in a sentence; empty when nothing is. */
  Optional<String> missing() {
    for (MemberStatus member : members) {
      if (!member.healthy()) {
        return Optional.of(member.name() + " is not healthy: " + member.why());
      }
    }
    if (leader.isEmpty()) {
      return Optional.of("no leader yet: " + members.getFirst().why());
    }
    for (MemberStatus member : members) {
      boolean primary = member.member().kind() == ClusterFile.Kind.PRIMARY;
      if (primary && !inSync.contains(member.name())) {
        return Optional.of(member.name() + " is not in sync yet: " + member.why());
      }
    }
    return zones.stream().flatMap(zone -> missing(zone.name()).stream()).findFirst();
  }

  /** Who does not serve the zone yet, in a sentence; members that are down are not counted. */
  Optional<String> missing(String zone) {
    return members.stream()
        .filter(member -> member.answers() && !member.serials().containsKey(zone))
        .findFirst()
        .map(member -> member.name() + " does not serve " + zone + " yet: " + member.why());
  }

  /** The form that scripts depend on. */
  ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("cluster", cluster).put("epoch", epoch).put("leader", leader.orElse(null));
    ArrayNode names = json.putArray("inSync");
    inSync.forEach(names::add);
    json.put("minInSync", minInSync).put("keyFile", keyFile.map(Path::toString).orElse(null));
    ArrayNode zoneList = json.putArray("zones");
    for (ZoneStatus zone : zones) {
      zoneList
          .addObject()
          .put("name", zone.name())
          .put("serial", boxed(zone.serial()))
          .put("committed", boxed(zone.committed()));
    }
    ArrayNode memberList = json.putArray("members");
    members.forEach(member -> member.write(memberList.addObject()));
    return json;
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? Long.valueOf(value.getAsLong()) : null;
  }
}
