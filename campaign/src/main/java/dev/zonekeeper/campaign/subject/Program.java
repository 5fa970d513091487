package dev.zonekeeper.campaign.subject;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of this machine to their end. */
final class Program {
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  private Program() {}

  /**
   * Runs one.
   *
   * @return what it wrote to standard output
   * @throws IOException if it does not end with exit code 0, with what it said
   */
  static String run(List<String> command) throws IOException, InterruptedException {
    return run(command, "");
  }

  /** Runs one that reads this text. Files, not pipes: a daemon that it leaves may keep those. */
  static String run(List<String> command, String input) throws IOException, InterruptedException {
    Path in = Files.createTempFile("zonekeeper-campaign-", ".in");
    Path out = Files.createTempFile("zonekeeper-campaign-", ".out");
    Path err = Files.createTempFile("zonekeeper-campaign-", ".err");
    try {
      Files.writeString(in, input);
      Process process =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      try {
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException(shown(command) + ": not done after " + PATIENCE);
        }
      } finally {
        process.destroyForcibly();
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "%s: exit code %d: %s"
                .formatted(shown(command), process.exitValue(), text(err).strip()));
      }
      return text(out);
    } finally {
      Files.deleteIfExists(in);
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  /** Sends a signal; a process that is gone already is no error. */
  static void signal(String signal, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static String shown(List<String> command) {
    return String.join(" ", command);
  }
}
