package dev.zonekeeper.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --dir} that every command about a cluster takes. */
final class DirOption {
  private final Terminal terminal;

  @Option(
      names = "--dir",
      paramLabel = "D",
      description = "The cluster's folder (default: zonekeeper/local in your state folder).")
  private Path dir;

  DirOption(Terminal terminal) {
    this.terminal = terminal;
  }

  ClusterFolder folder() {
    return new ClusterFolder(dir == null ? terminal.stateFolder() : dir);
  }
}
