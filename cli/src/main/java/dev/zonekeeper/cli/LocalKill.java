package dev.zonekeeper.cli;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonekeeper local kill}: what an operator hopes will never happen, on purpose. */
@Command(
    name = "kill",
    mixinStandardHelpOptions = true,
    description = "Send a signal to a member's agent, its named, or both.")
final class LocalKill implements Callable<Integer> {
  /** Which of a member's processes. */
  enum What {
    agent,
    named,
    both
  }

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Parameters(paramLabel = "MEMBER", description = "Such as primary-0; or: leader.")
  private String member;

  @Option(
      names = "--what",
      defaultValue = "both",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private What what;

  @Option(
      names = "--signal",
      defaultValue = "KILL",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Signal signal;

  LocalKill(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    ClusterFolder.MemberFolder home = dir.folder().known(member);
    MemberProcess process = new MemberProcess(home);
    String name = home.member();
    OptionalLong agent = what == What.named ? OptionalLong.empty() : process.agent();
    OptionalLong named = what == What.agent ? OptionalLong.empty() : process.named();
    if (agent.isEmpty() && named.isEmpty()) {
      throw CommandFailed.refused(
          what == What.both
              ? "neither the agent nor the named of " + name + " is running"
              : "the " + what + " of " + name + " is not running");
    }
    send("agent", name, agent);
    send("named", name, named);
    return 0;
  }

  private void send(String process, String name, OptionalLong pid) throws IOException {
    if (pid.isPresent()) {
      signal.send(pid.getAsLong());
      terminal
          .out()
          .printf("Sent %s to the %s of %s (pid %d)%n", signal, process, name, pid.getAsLong());
    }
  }
}
