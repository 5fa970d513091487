package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import java.util.List;

/** Two lines to copy: one that changes a zone of this cluster, one that asks for the change. */
final class Examples {
  private Examples() {}

  static String of(ClusterFile cluster) {
    if (cluster.zones().isEmpty() || cluster.keys().isEmpty()) {
      return "";
    }
    String zone = cluster.zones().getFirst().name().toString(true);
    ClusterFile.Member writer = cluster.primaries().getLast();
    List<ClusterFile.Member> readers =
        cluster.secondaries().isEmpty() ? cluster.primaries() : cluster.secondaries();
    return """

    Write, at any primary member:
      printf 'server %s %d\\nzone %s\\nupdate add hello.%s 60 TXT "it works"\\nsend\\n' | nsupdate -k %s
    Read:
      dig +short @%s -p %d hello.%s TXT
    """
        .formatted(
            writer.dns().getAddress().getHostAddress(),
            writer.dns().getPort(),
            zone,
            zone,
            cluster.keys().getFirst().file(),
            readers.getFirst().dns().getAddress().getHostAddress(),
            readers.getFirst().dns().getPort(),
            zone);
  }
}
