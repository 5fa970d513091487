package dev.zonekeeper.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The two processes of a member, found through their pid files. A pid counts only while its command
 * line names this member's folder: pids are used again.
 */
final class MemberProcess {
  private static final long LOG_LIMIT_BYTES = 16 << 20;

  private final ClusterFolder.MemberFolder member;

  MemberProcess(ClusterFolder.MemberFolder member) {
    this.member = member;
  }

  /** The agent's pid while it runs. */
  OptionalLong agent() throws IOException {
    return running(member.agentPid());
  }

  /** {@code named}'s pid while it runs. */
  OptionalLong named() throws IOException {
    return running(member.namedPid());
  }

  /** Starts the agent so that it outlives this process and its terminal. */
  Process start(List<String> agentCommand) throws IOException {
    Files.createDirectories(member.run());
    Files.createDirectories(member.log().getParent());
    if (Files.exists(member.log()) && Files.size(member.log()) > LOG_LIMIT_BYTES) {
      Files.move(
          member.log(),
          member.log().resolveSibling("agent.log.1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    } else {
      command.addAll(List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "sh"));
    }
    command.addAll(agentCommand);
    command.addAll(List.of("agent", "--config", member.agentFile().toString()));
    Process agent =
        new ProcessBuilder(command)
            .directory(member.root().toFile())
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(member.log().toFile()))
            .start();
    Files.writeString(member.agentPid(), agent.pid() + "\n");
    return agent;
  }

  /**
   * Ends the agent, which ends its {@code named}: TERM, and after the time KILL for both.
   *
   * @return whether it ended by itself
   */
  boolean stop(Duration grace) throws IOException, CommandFailed {
    OptionalLong agent = agent();
    if (agent.isPresent()) {
      Signal.TERM.send(agent.getAsLong());
      Signal.CONT.send(agent.getAsLong());
    }
    boolean byItself = awaitEnd(agent, grace);
    killBoth();
    return byItself;
  }

  /** Sends KILL to whatever of the two still runs and waits until it is gone. */
  void killBoth() throws IOException, CommandFailed {
    for (OptionalLong pid : List.of(agent(), named())) {
      if (pid.isPresent()) {
        Signal.KILL.send(pid.getAsLong());
        awaitEnd(pid, Duration.ofSeconds(10));
      }
    }
  }

  /** The last line of the log, for a member that does not run; stack traces are left out. */
  String lastWords() throws IOException {
    return LogFile.tail(member.log(), 100).reversed().stream()
        .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
        .findFirst()
        .map(line -> "the last it said: " + line)
        .orElse("it was never started");
  }

  private static boolean awaitEnd(OptionalLong pid, Duration atMost) throws CommandFailed {
    if (pid.isEmpty()) {
      return true;
    }
    long deadline = System.nanoTime() + atMost.toNanos();
    while (commandLine(pid.getAsLong()).isPresent()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Waiting.pause(Duration.ofMillis(50));
    }
    return true;
  }

  private OptionalLong running(Path pidFile) throws IOException {
    String text;
    try {
      text = Files.readString(pidFile).strip();
    } catch (NoSuchFileException none) {
      return OptionalLong.empty();
    }
    if (!text.matches("[0-9]{1,10}")) {
      return OptionalLong.empty();
    }
    long pid = Long.parseLong(text);
    boolean ours =
        commandLine(pid).filter(line -> line.contains(member.root().toString())).isPresent();
    return ours ? OptionalLong.of(pid) : OptionalLong.empty();
  }

  /** The command line of a process that runs; a zombie has none. */
  private static Optional<String> commandLine(long pid) {
    Path proc = Path.of("/proc/" + pid + "/cmdline");
    if (Files.isDirectory(Path.of("/proc/self"))) {
      try {
        String line = new String(Files.readAllBytes(proc), StandardCharsets.UTF_8);
        return line.isEmpty() ? Optional.empty() : Optional.of(line);
      } catch (IOException gone) {
        return Optional.empty();
      }
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(process -> process.info().commandLine());
  }
}
