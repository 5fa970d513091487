package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.Addresses;
import dev.zonekeeper.agent.http.MemberStatus;
import dev.zonekeeper.core.ZoneSerial;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.xbill.DNS.Name;

/** Puts a member's status together. */
final class StatusParts {
  private StatusParts() {}

  static MemberStatus of(
      MemberParts parts,
      String role,
      boolean healthy,
      String why,
      long epoch,
      Optional<String> leader,
      List<String> inSync,
      Set<Name> zones,
      Map<Name, ZoneSerial> committed,
      Duration lag) {
    Map<String, Long> serials = healthy ? parts.serials().of(zones) : Map.of();
    Map<String, Long> lines = new TreeMap<>();
    committed.forEach((zone, serial) -> lines.put(zone.toString(true), serial.value()));
    return new MemberStatus(
        parts.name(),
        parts.member().kind().word(),
        role,
        healthy,
        ProcessHandle.current().pid(),
        parts.server().pid().orElse(0),
        why,
        Addresses.format(parts.member().dns()),
        Addresses.format(parts.member().peer()),
        Addresses.format(parts.member().http()),
        parts.home().id().incarnation(),
        epoch,
        leader.orElse(null),
        inSync,
        parts.cluster().current().minInSync(),
        serials,
        lines,
        lag.toMillis());
  }
}
