package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xbill.DNS.Name;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code zonekeeper zone remove}: members stop serving a zone and keep its data aside. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = "Stop serving a zone; its data goes to each member's quarantine folder.")
final class ZoneRemove implements Callable<Integer> {
  private static final Duration GONE = Duration.ofSeconds(60);

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Parameters(paramLabel = "NAME", description = "Such as example.org.")
  private String name;

  ZoneRemove(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    ClusterFolder folder = dir.folder();
    Name zone = Zones.name(name);
    if (folder.cluster().zone(zone).isEmpty()) {
      throw CommandFailed.refused(
          "no zone " + zone.toString(true) + "; there are " + names(folder.cluster()));
    }
    folder.edit(cluster -> without(cluster, zone));
    String text = zone.toString(true);
    StatusReader reader = new StatusReader(folder);
    new Waiting(terminal).until(() -> stillServing(reader.read(), text), GONE);
    terminal.out().println("No member that is up serves " + text + " any more");
    return 0;
  }

  private static Optional<String> stillServing(ClusterStatus status, String zone) {
    return status.members().stream()
        .filter(member -> member.serials().containsKey(zone))
        .findFirst()
        .map(member -> member.name() + " still serves " + zone);
  }

  private static String names(ClusterFile cluster) {
    return String.join(
        ", ", cluster.zones().stream().map(zone -> zone.name().toString(true)).toList());
  }

  private static ClusterFile without(ClusterFile cluster, Name zone) {
    return cluster
        .withKeys(cluster.keys().stream().map(key -> without(key, zone)).toList())
        .withZones(cluster.zones().stream().filter(z -> !z.name().equals(zone)).toList());
  }

  /** A key whose last grant goes must not become one that may transfer every zone. */
  private static ClusterFile.Key without(ClusterFile.Key key, Name zone) {
    List<ClusterFile.Grant> left =
        key.grants().stream().filter(grant -> !grant.zone().equals(zone)).toList();
    boolean lost = left.isEmpty() && !key.grants().isEmpty();
    return new ClusterFile.Key(key.name(), key.file(), left, key.transfer() && !lost);
  }
}
