package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code zonekeeper key list}: the keys, where they are and what they may change. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List the keys, their files and what they may change.")
final class KeyList implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin private DirOption dir;

  KeyList(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    for (ClusterFile.Key key : dir.folder().cluster().keys()) {
      List<String> rights = new ArrayList<>();
      for (ClusterFile.Grant grant : key.grants()) {
        rights.add(grant.zone().toString(true) + ": " + grant.rule());
      }
      if (key.transfer()) {
        rights.add(key.grants().isEmpty() ? "transfer of all zones" : "transfer");
      }
      terminal
          .out()
          .printf("%s  %s  %s%n", key.name().toString(true), key.file(), String.join(", ", rights));
    }
    return 0;
  }
}
