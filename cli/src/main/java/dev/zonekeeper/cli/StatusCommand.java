package dev.zonekeeper.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code zonekeeper status}: who is what, and why, wherever the cluster is. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Say who leads, who is in sync, and why each member is what it is.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private PlaceOption where;
  @Mixin private StatusShow show;

  @Override
  public Integer call() throws IOException, CommandFailed {
    show.of(where.place());
    return 0;
  }
}
