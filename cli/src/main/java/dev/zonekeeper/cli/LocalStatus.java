package dev.zonekeeper.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonekeeper local status}: who is what, and why. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Say who leads, who is in sync, and why each member is what it is.")
final class LocalStatus implements Callable<Integer> {
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Option(names = "--json", description = "For scripts; the fields are stable.")
  private boolean json;

  @Option(names = "--watch", description = "Again every second, until interrupted.")
  private boolean watch;

  LocalStatus(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    StatusReader reader = new StatusReader(dir.folder());
    show(reader);
    while (watch) {
      Waiting.pause(Duration.ofSeconds(1));
      show(reader);
    }
    return 0;
  }

  private void show(StatusReader reader) throws IOException, CommandFailed {
    ClusterStatus status = reader.read();
    PrintStream out = terminal.out();
    if (json) {
      out.println(status.json());
    } else {
      out.print((watch ? CLEAR_SCREEN : "") + StatusTable.render(status));
    }
    out.flush();
  }
}
