package dev.zonekeeper.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say where the cluster is: {@code --dir}, or {@code --kubernetes}. */
final class PlaceOption {
  private final Terminal terminal;

  @ArgGroup private Where where = new Where();

  /** One of them. */
  static final class Where {
    @Option(
        names = "--dir",
        paramLabel = "D",
        description = "The cluster's folder (default: zonekeeper/local in your state folder).")
    private Path dir;

    @Option(names = "--kubernetes", description = "The cluster that this pod is a member of.")
    private boolean kubernetes;
  }

  PlaceOption(Terminal terminal) {
    this.terminal = terminal;
  }

  Place place() throws IOException, CommandFailed {
    if (where.kubernetes) {
      return KubernetesPlace.here(System.getenv());
    }
    return new ClusterFolder(where.dir == null ? terminal.stateFolder() : where.dir);
  }
}
