package dev.zonekeeper.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Shows the status of a cluster, wherever it is. */
final class StatusShow {
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

  private final Terminal terminal;

  @Option(names = "--json", description = "For scripts; the fields are stable.")
  private boolean json;

  @Option(names = "--watch", description = "Again every second, until interrupted.")
  private boolean watch;

  StatusShow(Terminal terminal) {
    this.terminal = terminal;
  }

  void of(Place place) throws IOException, CommandFailed {
    StatusReader reader = new StatusReader(place);
    show(reader);
    while (watch) {
      Waiting.pause(Duration.ofSeconds(1));
      show(reader);
    }
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
