package dev.zonekeeper.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code zonekeeper local start}: brings one member back. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = "Start a member again, after a kill or a wipe.")
final class LocalStart implements Callable<Integer> {
  private static final Duration START = Duration.ofSeconds(30);

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Parameters(paramLabel = "MEMBER", description = "Such as primary-0.")
  private String member;

  LocalStart(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    ClusterFolder folder = dir.folder();
    ClusterFolder.MemberFolder home = folder.known(member);
    MemberProcess process = new MemberProcess(home);
    if (process.agent().isPresent()) {
      throw CommandFailed.refused(member + " is running (pid " + process.agent().getAsLong() + ")");
    }
    process.killBoth();
    Ports.checkFree(home);
    int zones = folder.cluster().zones().size();
    Process started = process.start(AgentLaunch.withHeapFor(terminal.agentCommand(), zones));
    StatusReader reader = new StatusReader(folder);
    new Waiting(terminal)
        .until(
            () -> {
              if (!started.isAlive()) {
                throw CommandFailed.notDone(LocalUp.ended(folder, member));
              }
              return answers(reader);
            },
            START);
    terminal.out().printf("%s is up (pid %d)%n", member, started.pid());
    return 0;
  }

  private Optional<String> answers(StatusReader reader) throws IOException, CommandFailed {
    MemberStatus status = reader.read().member(member);
    return status.answers() ? Optional.empty() : Optional.of(member + ": " + status.why());
  }
}
