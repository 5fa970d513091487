package dev.zonekeeper.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code zonekeeper local status}: who is what, and why. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Say who leads, who is in sync, and why each member is what it is.")
final class LocalStatus implements Callable<Integer> {
  @Mixin private DirOption dir;
  @Mixin private StatusShow show;

  @Override
  public Integer call() throws IOException, CommandFailed {
    show.of(dir.folder());
    return 0;
  }
}
