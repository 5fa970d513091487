package dev.zonekeeper.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code zonekeeper zone list}: one name per line. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List the cluster's zones, one per line.")
final class ZoneList implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin private DirOption dir;

  ZoneList(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    dir.folder()
        .cluster()
        .zones()
        .forEach(zone -> terminal.out().println(zone.name().toString(true)));
    return 0;
  }
}
