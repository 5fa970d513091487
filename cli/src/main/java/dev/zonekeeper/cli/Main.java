package dev.zonekeeper.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The one executable: {@code zonekeeper}. */
@Command(
    name = "zonekeeper",
    mixinStandardHelpOptions = true,
    version = "zonekeeper " + Main.VERSION,
    description = "BIND 9, highly available for writes: no acknowledged update is lost.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LocalCommand.class,
      ZoneCommand.class,
      KeyCommand.class,
      StatusCommand.class,
      SwitchoverCommand.class,
      FailoverCommand.class,
      AgentCommand.class,
      BenchCommand.class,
      CampaignCommand.class
    })
public final class Main {
  /** The version of this program. */
  static final String VERSION = "0.1.0-SNAPSHOT";

  /** Exit code for a defect of this program. */
  private static final int DEFECT = 70;

  private Main() {}

  /** Runs one command and ends the process with its exit code: 0 done, 2 refused, 1 not done. */
  public static void main(String[] args) {
    int exitCode = run(terminal(), args);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  static int run(Terminal terminal, String... args) {
    return commandLine(terminal).execute(args);
  }

  static CommandLine commandLine(Terminal terminal) {
    CommandLine line = new CommandLine(new Main(), new Commands(terminal));
    line.setOut(new java.io.PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new java.io.PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((wrong, given) -> refuse(terminal, wrong));
    line.setExecutionExceptionHandler((failure, command, parsed) -> fail(terminal, failure));
    return line;
  }

  private static Terminal terminal() {
    return new Terminal(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        stateFolder(System.getenv()),
        AgentLaunch.command(),
        InstantSource.system());
  }

  /** By the XDG base directory specification. */
  static Path stateFolder(Map<String, String> environment) {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    Path base = state.isBlank() ? Path.of(home, ".local", "state") : Path.of(state);
    return base.resolve("zonekeeper").resolve("local");
  }

  private static int refuse(Terminal terminal, ParameterException wrong) {
    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    String message = wrong.getMessage().lines().findFirst().orElse("wrong arguments");
    terminal.say("zonekeeper: " + message + "; see: " + command + " --help");
    return CommandFailed.REFUSED;
  }

  private static int fail(Terminal terminal, Exception failure) {
    return switch (failure) {
      case CommandFailed failed -> {
        terminal.say("zonekeeper: " + failed.getMessage());
        yield failed.exitCode();
      }
      case IOException io -> {
        terminal.say("zonekeeper: " + words(io));
        yield CommandFailed.REFUSED;
      }
      default -> {
        terminal.say("zonekeeper: this is a defect of the program, please report it:");
        failure.printStackTrace(terminal.err());
        yield DEFECT;
      }
    };
  }

  private static String words(IOException failure) {
    return switch (failure) {
      case java.nio.file.AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case java.nio.file.NoSuchFileException none -> none.getFile() + ": no such file";
      case java.nio.file.FileSystemException other ->
          other.getFile() + ": " + (other.getReason() == null ? "failed" : other.getReason());
      default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
    };
  }

  /** Commands take the terminal in their constructor. */
  private record Commands(Terminal terminal) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (List.of(constructor.getParameterTypes()).equals(List.of(Terminal.class))) {
          return type.cast(constructor.newInstance(terminal));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
