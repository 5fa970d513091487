package dev.zonekeeper.bench.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code zonekeeper} as a process.
 *
 * @param executable the launcher script
 */
public record ZonekeeperCommand(Path executable) {
  /** The environment variable in which the launcher says where it lives. */
  public static final String HOME = "ZONEKEEPER_HOME";

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * The launcher that started this process.
   *
   * @throws IOException if {@value #HOME} does not lead to one
   */
  public static ZonekeeperCommand of(Map<String, String> environment) throws IOException {
    String home = environment.get(HOME);
    if (home == null) {
      throw new IOException(HOME + " is not set; start the benchmarks with ./zonekeeper bench");
    }
    Path executable = Path.of(home).resolve("zonekeeper");
    if (!Files.isExecutable(executable)) {
      throw new IOException(HOME + " is " + home + ", but there is no executable " + executable);
    }
    return new ZonekeeperCommand(executable);
  }

  /**
   * Runs a command to its end.
   *
   * @return its standard output
   * @throws IOException if it fails, with what it said
   */
  public String run(List<String> arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(executable.toString()));
    line.addAll(arguments);
    Path said = Files.createTempFile("zonekeeper-bench-", ".err");
    Path wrote = Files.createTempFile("zonekeeper-bench-", ".out");
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectError(said.toFile())
              .redirectOutput(wrote.toFile())
              .start();
      try {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new IOException(shown(arguments) + ": not done after " + PATIENCE);
        }
      } finally {
        process.destroyForcibly();
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "%s: exit code %d: %s"
                .formatted(
                    shown(arguments),
                    process.exitValue(),
                    Files.readString(said, StandardCharsets.UTF_8).strip()));
      }
      return Files.readString(wrote, StandardCharsets.UTF_8);
    } finally {
      Files.deleteIfExists(said);
      Files.deleteIfExists(wrote);
    }
  }

  private static String shown(List<String> arguments) {
    String line = "zonekeeper " + String.join(" ", arguments);
    return line.length() <= 200 ? line : line.substring(0, 200) + " ...";
  }
}
