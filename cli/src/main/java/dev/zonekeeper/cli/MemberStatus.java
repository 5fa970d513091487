package dev.zonekeeper.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zonekeeper.agent.config.Addresses;
import dev.zonekeeper.agent.config.ClusterFile;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One member as its agent describes it, or as it looks from outside when the agent says nothing.
 *
 * @param role leader, standby or secondary
 * @param why one sentence: why it is what it is
 * @param incarnation empty when the agent says nothing
 * @param epoch the highest epoch the member knows of; 0 when unknown
 * @param serials zone name without the dot at its end, and the serial its {@code named} serves
 * @param committed what the member knows to be held by all in-sync members
 * @param lagMillis how far behind the leader
 */
record MemberStatus(
    ClusterFile.Member member,
    String role,
    boolean healthy,
    OptionalLong agentPid,
    OptionalLong namedPid,
    String why,
    String incarnation,
    long epoch,
    Map<String, Long> serials,
    Map<String, Long> committed,
    OptionalLong lagMillis) {

  static final String LEADER = "leader";
  static final String STANDBY = "standby";
  static final String SECONDARY = "secondary";

  MemberStatus {
    serials = Collections.unmodifiableMap(new TreeMap<>(serials));
    committed = Collections.unmodifiableMap(new TreeMap<>(committed));
  }

  /** From the answer of the agent's {@code /status}. */
  static MemberStatus of(ClusterFile.Member member, JsonNode json) {
    return new MemberStatus(
        member,
        json.path("role").asText(atRest(member)),
        json.path("healthy").asBoolean(),
        pid(json.path("agentPid")),
        pid(json.path("namedPid")),
        json.path("why").asText(""),
        json.path("incarnation").asText(""),
        json.path("epoch").asLong(),
        numbers(json.path("serials")),
        numbers(json.path("committed")),
        number(json.path("lagMillis")));
  }

  /** A member whose agent does not answer. */
  static MemberStatus silent(
      ClusterFile.Member member, OptionalLong agentPid, OptionalLong namedPid, String why) {
    return new MemberStatus(
        member,
        atRest(member),
        false,
        agentPid,
        namedPid,
        why,
        "",
        0,
        Map.of(),
        Map.of(),
        OptionalLong.empty());
  }

  String name() {
    return member.name();
  }

  /** Whether this member takes writes as far as it knows. */
  boolean leads() {
    return healthy && role.equals(LEADER);
  }

  /** Whether its agent answers. */
  boolean answers() {
    return !incarnation.isEmpty();
  }

  /** Adds the fields that scripts depend on. */
  void write(ObjectNode json) {
    json.put("name", name())
        .put("kind", member.kind().word())
        .put("role", role)
        .put("healthy", healthy);
    put(json, "agentPid", agentPid);
    put(json, "namedPid", namedPid);
    json.put("why", why)
        .put("dns", Addresses.format(member.dns()))
        .put("peer", Addresses.format(member.peer()))
        .put("http", Addresses.format(member.http()));
    ObjectNode perZone = json.putObject("serials");
    serials.forEach(perZone::put);
    put(json, "lagMillis", lagMillis);
  }

  private static String atRest(ClusterFile.Member member) {
    return member.kind() == ClusterFile.Kind.PRIMARY ? STANDBY : SECONDARY;
  }

  private static OptionalLong number(JsonNode value) {
    return value.isIntegralNumber() ? OptionalLong.of(value.longValue()) : OptionalLong.empty();
  }

  /** Agents say 0 of a process that does not run. */
  private static OptionalLong pid(JsonNode value) {
    OptionalLong pid = number(value);
    return pid.isPresent() && pid.getAsLong() > 0 ? pid : OptionalLong.empty();
  }

  private static Map<String, Long> numbers(JsonNode object) {
    Map<String, Long> values = new TreeMap<>();
    object.properties().forEach(e -> values.put(e.getKey(), e.getValue().asLong()));
    return values;
  }

  private static void put(ObjectNode json, String name, OptionalLong value) {
    if (value.isPresent()) {
      json.put(name, value.getAsLong());
    } else {
      json.putNull(name);
    }
  }
}
