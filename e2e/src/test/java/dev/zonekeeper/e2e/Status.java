package dev.zonekeeper.e2e;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code zonekeeper local status --json} says. Fields that came later are not looked at. */
@JsonIgnoreProperties(ignoreUnknown = true)
record Status(
    String cluster,
    long epoch,
    String leader,
    List<String> inSync,
    int minInSync,
    String keyFile,
    List<Zone> zones,
    List<Member> members) {

  private static final ObjectMapper JSON = new ObjectMapper();

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Zone(String name, Long serial, Long committed) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Member(
      String name,
      String kind,
      String role,
      boolean healthy,
      Long agentPid,
      Long namedPid,
      String why,
      String dns,
      String peer,
      String http,
      Map<String, Long> serials,
      Long lagMillis) {
    boolean primary() {
      return kind.equals("primary");
    }

    /** Where clients go. */
    InetSocketAddress dnsAddress() {
      int colon = dns.lastIndexOf(':');
      return new InetSocketAddress(
          dns.substring(0, colon), Integer.parseInt(dns.substring(colon + 1)));
    }
  }

  static Status parse(String json) {
    try {
      return JSON.readValue(json, Status.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not the status of a cluster: " + json, e);
    }
  }

  Optional<String> leaderIfAny() {
    return Optional.ofNullable(leader);
  }

  Member member(String name) {
    return members.stream()
        .filter(m -> m.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no member " + name + " in " + this));
  }

  List<Member> primaries() {
    return members.stream().filter(Member::primary).toList();
  }

  List<Member> secondaries() {
    return members.stream().filter(m -> !m.primary()).toList();
  }

  /** The primary members that do not lead, by name. */
  List<String> standbys() {
    return primaries().stream().map(Member::name).filter(name -> !name.equals(leader)).toList();
  }

  /**
   * What is not as it should be in a cluster that nobody hurt: a leader, everybody healthy, the
   * whole primary set in sync, every member with the committed serial of every zone. Empty when all
   * is well.
   */
  List<String> ailments() {
    List<String> found = new ArrayList<>();
    if (leader == null) {
      found.add("nobody leads");
    }
    for (Member member : members) {
      if (!member.healthy()) {
        found.add(member.name() + " is not healthy: " + member.why());
      }
      if (member.primary() && !inSync.contains(member.name())) {
        found.add(member.name() + " is not in sync: " + member.why());
      }
      for (Zone zone : zones) {
        Long serial = member.serials() == null ? null : member.serials().get(zone.name());
        if (zone.committed() == null || !zone.committed().equals(serial)) {
          found.add(
              "%s has serial %s of %s, committed is %s"
                  .formatted(member.name(), serial, zone.name(), zone.committed()));
        }
      }
    }
    return found;
  }

  boolean whole() {
    return ailments().isEmpty();
  }
}
