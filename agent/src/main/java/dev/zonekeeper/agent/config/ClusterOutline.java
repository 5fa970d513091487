package dev.zonekeeper.agent.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code cluster.json} where members are pods: what the cluster shall be, with the members counted.
 * Their names follow from the cluster's, and their addresses are found elsewhere.
 *
 * @param primaries how many members may be elected, at least 1: {@code NAME-primary-0} and so on
 * @param secondaries how many only answer queries: {@code NAME-secondary-0} and so on
 * @param timing read when a member starts
 * @param zones as in a {@link ClusterFile}
 * @param keys as in a {@link ClusterFile}
 * @param queryLog as in a {@link ClusterFile}
 */
public record ClusterOutline(
    String name,
    int minInSync,
    int primaries,
    int secondaries,
    Timing timing,
    List<ClusterFile.Zone> zones,
    List<ClusterFile.Key> keys,
    Optional<QueryLog> queryLog) {

  /** The version of the file's format that this program reads. */
  public static final int VERSION = 1;

  private static final int MOST_MEMBERS = 1000;

  /**
   * The ports of every member, 1 to 65535.
   *
   * @param dns where clients go
   * @param peer where other members go
   * @param http probes, metrics, status
   */
  public record Ports(int dns, int peer, int http) {}

  private static final Ports ANY_PORTS = new Ports(1, 2, 3);

  /** Checks what concerns more than one field. */
  public ClusterOutline {
    zones = List.copyOf(zones);
    keys = List.copyOf(keys);
  }

  /**
   * Reads and checks the file.
   *
   * @throws ConfigException the file is missing, is not JSON, or a field is missing, unknown or
   *     wrong; the message is one line that names the file and the field
   */
  public static ClusterOutline load(Path file) throws IOException, ConfigException {
    return Fields.read(file, VERSION, ClusterOutline::read);
  }

  private static ClusterOutline read(Fields fields) throws ConfigException {
    ClusterOutline outline =
        new ClusterOutline(
            fields.text("name"),
            fields.integer("minInSync", 1, Integer.MAX_VALUE),
            fields.integer("primaries", 1, MOST_MEMBERS),
            fields.integer("secondaries", 0, MOST_MEMBERS),
            fields.object("timing", Timing::read),
            ClusterFile.zones(fields),
            ClusterFile.keys(fields),
            ClusterFile.queryLog(fields));
    outline.at(member -> Optional.empty(), ANY_PORTS); // its checks are this file's, too
    return outline;
  }

  /** The name of a member that may be elected. */
  public static String primary(String cluster, int number) {
    return cluster + "-primary-" + number;
  }

  /** The name of a member that only answers queries. */
  public static String secondary(String cluster, int number) {
    return cluster + "-secondary-" + number;
  }

  /**
   * The cluster with its members where they are now. A member that is nowhere now has an unresolved
   * address, to which no connection can be made.
   *
   * @param addresses where a member of that name is
   */
  public ClusterFile at(Function<String, Optional<InetAddress>> addresses, Ports ports) {
    List<ClusterFile.Member> members = new ArrayList<>();
    for (int i = 0; i < primaries; i++) {
      members.add(member(primary(name, i), ClusterFile.Kind.PRIMARY, addresses, ports));
    }
    for (int i = 0; i < secondaries; i++) {
      members.add(member(secondary(name, i), ClusterFile.Kind.SECONDARY, addresses, ports));
    }
    return new ClusterFile(name, minInSync, members, zones, keys, queryLog);
  }

  private static ClusterFile.Member member(
      String member,
      ClusterFile.Kind kind,
      Function<String, Optional<InetAddress>> addresses,
      Ports ports) {
    Optional<InetAddress> at = addresses.apply(member);
    return new ClusterFile.Member(
        member,
        kind,
        address(member, at, ports.dns),
        address(member, at, ports.peer),
        address(member, at, ports.http));
  }

  private static InetSocketAddress address(String member, Optional<InetAddress> at, int port) {
    return at.map(known -> new InetSocketAddress(known, port))
        .orElseGet(() -> InetSocketAddress.createUnresolved(member, port));
  }
}
