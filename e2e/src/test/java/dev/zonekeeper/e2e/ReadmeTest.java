package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the README, as written there, in order, by a user with an empty home. They use
 * the default folder and the default ports; where that is possible they get a network of their own,
 * so that whatever else listens on those ports is not in their way.
 */
final class ReadmeTest {
  private static final Duration SLOWEST = Duration.ofMinutes(3);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String NETWORK = "zonekeeper-readme";

  /**
   * A line that starts with a dollar sign in a fenced console block.
   *
   * @param shown the lines below it: what it prints; none when the README does not show it
   */
  private record Command(String line, List<String> shown) {}

  @Test
  void every_command_ends_well_and_prints_what_is_shown(@TempDir Path home) throws IOException {
    List<Command> commands = commands(Files.readAllLines(Repository.root().resolve("README.md")));
    assertThat(commands).anyMatch(c -> c.line().contains("local up"));
    List<String> prefix = networkOfItsOwn();
    try {
      for (Command command : commands) {
        run(command, prefix, home);
      }
    } finally {
      shell("./zonekeeper local down --purge", prefix, home);
      if (!prefix.isEmpty()) {
        Program.of("ip", "netns", "delete", NETWORK).run();
      }
    }
  }

  private static void run(Command command, List<String> prefix, Path home) {
    Program.Outcome outcome = shell(command.line(), prefix, home).expect(0);
    if (!command.shown().isEmpty() && !outcome.out().lines().toList().equals(command.shown())) {
      await(command.line())
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(shell(command.line(), prefix, home).out().lines())
                  .as("%s", command.line())
                  .containsExactlyElementsOf(command.shown()));
    }
  }

  @Test
  void commands_are_found_in_console_blocks_alone() {
    List<String> readme =
        List.of(
            "$ not this",
            "```console",
            "$ ./one",
            "printed",
            "$ ./two \\",
            "    --more",
            "```",
            "```sh",
            "$ nor this",
            "```",
            "```console",
            "$ ./three",
            "```");

    assertThat(commands(readme))
        .containsExactly(
            new Command("./one", List.of("printed")),
            new Command("./two \\\n    --more", List.of()),
            new Command("./three", List.of()));
  }

  private static List<Command> commands(List<String> readme) {
    List<Command> commands = new ArrayList<>();
    boolean inBlock = false;
    for (String line : readme) {
      if (line.startsWith("```")) {
        inBlock = line.equals("```console");
      } else if (inBlock && line.startsWith("$ ")) {
        commands.add(new Command(line.substring(2), List.of()));
      } else if (inBlock) {
        commands.add(continued(commands.removeLast(), line));
      }
    }
    return commands;
  }

  /** A backslash at the end of a line continues the command, as in a shell. */
  private static Command continued(Command command, String line) {
    if (command.line().endsWith("\\")) {
      return new Command(command.line() + "\n" + line, command.shown());
    }
    List<String> shown = new ArrayList<>(command.shown());
    shown.add(line);
    return new Command(command.line(), List.copyOf(shown));
  }

  /** What to put before a command so that it runs there; nothing where only root may do that. */
  private static List<String> networkOfItsOwn() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    Program.of("ip", "netns", "delete", NETWORK).run();
    if (Program.of("ip", "netns", "add", NETWORK).run().exit() != 0) {
      return List.of();
    }
    List<String> inside = List.of("ip", "netns", "exec", NETWORK);
    Program.of(concat(inside, List.of("ip", "link", "set", "lo", "up"))).run().expect(0);
    return inside;
  }

  private static Program.Outcome shell(String command, List<String> prefix, Path home) {
    return Program.of(concat(prefix, List.of("/bin/sh", "-c", command)))
        .in(Repository.root())
        .with("HOME", home.toString())
        .with("XDG_STATE_HOME", home.resolve(".local").resolve("state").toString())
        .within(SLOWEST)
        .run();
  }

  private static List<String> concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
