package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.xbill.DNS.Name;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonekeeper key add}: makes a TSIG key and says what it may change. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = "Make a key, wait until all members know it, and print its file's path.")
final class KeyAdd implements Callable<Integer> {
  private static final Duration KNOWN = Duration.ofSeconds(30);

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Parameters(paramLabel = "NAME", description = "Such as certbot.")
  private String name;

  @Option(names = "--zone", paramLabel = "Z", description = "A zone that it may change.")
  private List<String> zones = List.of();

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      description =
          "What it may change there, as in BIND's update-policy (default: 'zonesub ANY').")
  private String rule;

  @Option(
      names = "--transfer",
      description = "It may transfer its zones; all zones when none is named.")
  private boolean transfer;

  KeyAdd(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    ClusterFolder folder = dir.folder();
    Name keyName = Zones.name(name);
    ClusterFile now = folder.cluster();
    List<ClusterFile.Grant> grants = grants(now);
    if (grants.isEmpty() && !transfer) {
      throw CommandFailed.refused("a key needs --zone, or --transfer, or both");
    }
    Path file = folder.keys().resolve(Zones.fileName(keyName, ".key"));
    checkNew(now, keyName, file);
    TsigKey key = TsigKey.generate(keyName.toString(true), new SecureRandom());
    key.write(file);
    boolean added = false;
    try {
      folder.edit(cluster -> {
        if (has(cluster, keyName)) {
          throw new ConfigException("key " + name + " is there already");
        }
        List<ClusterFile.Key> keys = new ArrayList<>(cluster.keys());
        keys.add(new ClusterFile.Key(keyName, file, grants, transfer));
        return cluster.withKeys(keys);
      });
      added = true;
    } finally {
      if (!added) {
        Files.deleteIfExists(file);
      }
    }
    awaitKnown(folder, key, grants);
    terminal.out().println(file);
    return 0;
  }

  private void awaitKnown(ClusterFolder folder, TsigKey key, List<ClusterFile.Grant> grants)
      throws IOException, CommandFailed {
    StatusReader reader = new StatusReader(folder);
    Name zone =
        grants.isEmpty()
            ? folder.cluster().zones().stream()
                .findFirst()
                .map(ClusterFile.Zone::name)
                .orElse(Name.root)
            : grants.getFirst().zone();
    new Waiting(terminal).until(() -> Keys.missing(reader.read(), key, zone, true), KNOWN);
  }

  private List<ClusterFile.Grant> grants(ClusterFile cluster) throws CommandFailed {
    List<ClusterFile.Grant> grants = new ArrayList<>();
    for (String zone : zones) {
      Name of = Zones.name(zone);
      if (cluster.zone(of).isEmpty()) {
        throw CommandFailed.refused("no zone " + zone + "; add it with: zone add " + zone);
      }
      try {
        grants.add(new ClusterFile.Grant(of, rule == null ? Keys.ALL : rule));
      } catch (IllegalArgumentException wrong) {
        throw CommandFailed.refused("--" + wrong.getMessage(), wrong);
      }
    }
    return grants;
  }

  private void checkNew(ClusterFile cluster, Name keyName, Path file) throws CommandFailed {
    if (has(cluster, keyName)) {
      throw CommandFailed.refused("key " + name + " is there already");
    }
    if (Files.exists(file)) {
      throw CommandFailed.refused(file + " is there already");
    }
  }

  private static boolean has(ClusterFile cluster, Name keyName) {
    return cluster.keys().stream().anyMatch(key -> key.name().equals(keyName));
  }
}
