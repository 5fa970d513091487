package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.Addresses;
import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xbill.DNS.Name;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonekeeper zone add}: a new zone, empty or from a zone file. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = "Add a zone, empty or from a zone file, and wait until all members serve it.")
final class ZoneAdd implements Callable<Integer> {
  private static final Duration SERVED = Duration.ofSeconds(60);

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Parameters(paramLabel = "NAME", description = "Such as example.org.")
  private String name;

  @Option(names = "--file", paramLabel = "ZONEFILE", description = "A zone file to adopt.")
  private Path file;

  @Option(
      names = "--notify",
      paramLabel = "ADDR:PORT",
      description = "A foreign secondary to notify of every change.")
  private List<String> notify = List.of();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "A key that may change all of the zone (default: the cluster's first key; more with: key"
              + " add).")
  private String key;

  ZoneAdd(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    ClusterFolder folder = dir.folder();
    Name zone = Zones.name(name);
    List<InetSocketAddress> targets = targets();
    checkNew(folder.cluster(), zone);
    Optional<ClusterFile.Key> writer = writer(folder.cluster());
    StatusReader reader = new StatusReader(folder);
    Path seed = folder.seeds().resolve(Zones.fileName(zone, ".zone"));
    Path checked = Files.createTempFile(folder.seeds(), ".new-", ".zone");
    try {
      if (file == null) {
        Files.writeString(checked, Zones.seed(zone));
      } else {
        Zones.adopt(zone, file, checked);
      }
      Zones.checkOrder(zone, Zones.serial(zone, checked), reader.read());
      folder.edit(cluster -> {
        checkNewInFile(cluster, zone);
        move(checked, seed);
        return with(cluster, new ClusterFile.Zone(zone, Optional.of(seed), targets), writer);
      });
    } finally {
      Files.deleteIfExists(checked);
    }
    String text = zone.toString(true);
    new Waiting(terminal).until(() -> reader.read().missing(text), SERVED);
    terminal.out().println("All members that are up serve " + text);
    writer.ifPresent(k -> terminal.out().println("It is changed with the key in " + k.file()));
    return 0;
  }

  private List<InetSocketAddress> targets() throws CommandFailed {
    List<InetSocketAddress> targets = new ArrayList<>();
    for (String target : notify) {
      try {
        targets.add(Addresses.parse(target));
      } catch (IllegalArgumentException wrong) {
        throw CommandFailed.refused("--notify: " + wrong.getMessage(), wrong);
      }
    }
    return targets;
  }

  private Optional<ClusterFile.Key> writer(ClusterFile cluster) throws CommandFailed {
    if (key == null) {
      return cluster.keys().stream().findFirst();
    }
    return Optional.of(Keys.known(cluster, key));
  }

  private static void checkNew(ClusterFile cluster, Name zone) throws CommandFailed {
    if (cluster.zone(zone).isPresent()) {
      throw CommandFailed.refused("zone " + zone.toString(true) + " is there already");
    }
  }

  /** The same once more while nobody else can change the file. */
  private static void checkNewInFile(ClusterFile cluster, Name zone) throws ConfigException {
    if (cluster.zone(zone).isPresent()) {
      throw new ConfigException("zone " + zone.toString(true) + " is there already");
    }
  }

  private static void move(Path checked, Path seed) throws ConfigException {
    try {
      Files.move(checked, seed, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new ConfigException(seed + ": cannot be written: " + failed.getMessage());
    }
  }

  private static ClusterFile with(
      ClusterFile cluster, ClusterFile.Zone zone, Optional<ClusterFile.Key> writer) {
    List<ClusterFile.Zone> zones = new ArrayList<>(cluster.zones());
    zones.add(zone);
    ClusterFile.Grant grant = new ClusterFile.Grant(zone.name(), Keys.ALL);
    List<ClusterFile.Key> keys =
        cluster.keys().stream()
            .map(k ->
                writer.isPresent() && k.name().equals(writer.get().name())
                    ? Keys.with(k, grant)
                    : k)
            .toList();
    return cluster.withZones(zones).withKeys(keys);
  }
}
