package dev.zonekeeper.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs commands as a shell would, within this process, with stub agents. */
final class CliHarness {
  private final Path dir;
  private final List<String> agentCommand;

  /** What a command left: its exit code and what it wrote. */
  record Result(int exitCode, String out, String err) {}

  CliHarness(Path dir) {
    this(
        dir,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            StubAgent.class.getName()));
  }

  CliHarness(Path dir, List<String> agentCommand) {
    this.dir = dir;
    this.agentCommand = agentCommand;
  }

  /** Runs a command on the folder of this harness. */
  Result run(String... command) {
    List<String> args = new ArrayList<>(Arrays.asList(command));
    args.add("--dir");
    args.add(dir.toString());
    return plain(args.toArray(String[]::new));
  }

  /** Runs a command without naming a folder. */
  Result plain(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            dir,
            agentCommand,
            InstantSource.system());
    int exitCode = Main.run(terminal, args);
    return new Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
