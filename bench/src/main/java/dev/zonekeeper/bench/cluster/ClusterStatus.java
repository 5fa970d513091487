package dev.zonekeeper.bench.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code zonekeeper local status --json} says, as far as the benchmarks need it.
 *
 * @param leader the member that takes writes; null while there is none
 * @param inSync members that hold every acknowledged update
 * @param keyFile the clients' key in BIND syntax
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterStatus(
    long epoch, String leader, List<String> inSync, String keyFile, List<Member> members) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One member.
   *
   * @param kind primary or secondary
   * @param agentPid null when it does not run
   * @param namedPid null when it does not run
   * @param dns where clients go
   * @param http of its agent
   * @param serials zone without the last dot to serial
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Member(
      String name,
      String kind,
      String role,
      boolean healthy,
      Long agentPid,
      Long namedPid,
      String dns,
      String http,
      String why,
      Map<String, Long> serials) {

    /** Whether it belongs to the primary set. */
    public boolean primary() {
      return kind.equals("primary");
    }

    /** Where clients go. */
    public InetSocketAddress dnsAddress() {
      int colon = dns.lastIndexOf(':');
      return new InetSocketAddress(
          InetAddress.ofLiteral(dns.substring(0, colon)),
          Integer.parseInt(dns.substring(colon + 1)));
    }
  }

  static ClusterStatus parse(String json) throws IOException {
    return JSON.readValue(json, ClusterStatus.class);
  }

  /** The member of that name. */
  public Member member(String name) {
    return members.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  /** Who leads, who is in sync, and why everybody is what they are. */
  public String inWords() {
    StringBuilder text =
        new StringBuilder("leader ").append(leader).append(", in sync ").append(inSync);
    members.forEach(m -> text.append("; ").append(m.name()).append(": ").append(m.why()));
    return text.toString();
  }

  /** The member that takes writes. */
  public Optional<Member> leading() {
    return Optional.ofNullable(leader).map(this::member);
  }

  /** All members of the primary set. */
  public List<Member> primaries() {
    return members.stream().filter(Member::primary).toList();
  }

  /** All members that only answer queries. */
  public List<Member> secondaries() {
    return members.stream().filter(m -> !m.primary()).toList();
  }

  /** Whether all are healthy, one leads, and all primaries are in sync. */
  public boolean whole() {
    return leader != null
        && members.stream().allMatch(Member::healthy)
        && primaries().stream().allMatch(m -> inSync.contains(m.name()));
  }
}
