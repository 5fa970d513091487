package dev.zonekeeper.core.simulation;

import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.Role;
import java.util.stream.Collectors;

/**
 * The left side of a story: a column for each member and one for the lease, so that one sees at a
 * glance who was up and who led when something happened.
 */
final class Lanes {
  private final Cluster cluster;

  Lanes(Cluster cluster) {
    this.cluster = cluster;
  }

  /** What the columns are, and what their signs mean. */
  String head() {
    return cluster.nodes().stream().map(Node::name).collect(Collectors.joining(" "))
        + "  lease   ( ) down  (|) follows  (?) proposes the lease  (p) is promoted  (L) leads"
        + "  (d) hands over  (x) steps down  (.) stopped";
  }

  /** The columns at this moment. */
  String now() {
    return cluster.nodes().stream().map(Lanes::sign).collect(Collectors.joining(" "))
        + "  %-6s".formatted(cluster.store().lease().map(Lanes::inShort).orElse("none"));
  }

  private static String inShort(Lease lease) {
    return lease.epoch() + ":" + lease.holder().orElse("-");
  }

  private static String sign(Node node) {
    if (!node.isUp()) {
      return " ";
    }
    return switch (node.life().orElseThrow().standing().role()) {
      case Role.Following r -> "|";
      case Role.Contending r -> "?";
      case Role.Promoting r -> "p";
      case Role.Leading r -> "L";
      case Role.Draining r -> "d";
      case Role.Releasing r -> "d";
      case Role.Demoting r -> "x";
      case Role.Stopped r -> ".";
    };
  }
}
