package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.xbill.DNS.Name;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code zonekeeper key remove}: no member takes the key any more. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = "Remove a key, wait until no member takes it, and delete its file.")
final class KeyRemove implements Callable<Integer> {
  private static final Duration FORGOTTEN = Duration.ofSeconds(30);

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Parameters(paramLabel = "NAME", description = "Such as certbot.")
  private String name;

  KeyRemove(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    ClusterFolder folder = dir.folder();
    ClusterFile.Key key = Keys.known(folder.cluster(), name);
    List<TsigKey> content = TsigKey.read(key.file());
    folder.edit(cluster ->
        cluster.withKeys(
            cluster.keys().stream().filter(k -> !k.name().equals(key.name())).toList()));
    StatusReader reader = new StatusReader(folder);
    Name zone =
        folder.cluster().zones().stream().findFirst().map(ClusterFile.Zone::name).orElse(Name.root);
    new Waiting(terminal)
        .until(() -> Keys.missing(reader.read(), content.getFirst(), zone, false), FORGOTTEN);
    Files.deleteIfExists(key.file());
    terminal.out().println("No member that is up takes the key " + name + " any more");
    return 0;
  }
}
