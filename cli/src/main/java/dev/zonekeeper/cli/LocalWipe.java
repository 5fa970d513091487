package dev.zonekeeper.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code zonekeeper local wipe}: what a dead disk looks like. */
@Command(
    name = "wipe",
    mixinStandardHelpOptions = true,
    description = "Stop a member and throw its disk away.")
final class LocalWipe implements Callable<Integer> {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Parameters(paramLabel = "MEMBER", description = "Such as primary-0; or: leader.")
  private String member;

  LocalWipe(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    ClusterFolder.MemberFolder home = dir.folder().known(member);
    String name = home.member();
    MemberProcess process = new MemberProcess(home);
    process.stop(GRACE);
    if (process.agent().isPresent() || process.named().isPresent()) {
      throw CommandFailed.notDone(name + " could not be stopped; its disk is untouched");
    }
    Folders.delete(home.data());
    terminal
        .out()
        .printf("%s is stopped and its disk is empty; next: local start %s%n", name, name);
    return 0;
  }
}
