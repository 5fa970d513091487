package dev.zonekeeper.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of this machine, run to its end as a person at a shell would run it.
 *
 * @param command the program and its arguments
 * @param folder the working directory
 * @param environment variables set besides those of this process
 * @param input what it reads on its standard input
 * @param atMost how long it may take before it is killed and the test fails
 */
record Program(
    List<String> command,
    Path folder,
    Map<String, String> environment,
    String input,
    Duration atMost) {

  static Program of(String... command) {
    return of(List.of(command));
  }

  static Program of(List<String> command) {
    return new Program(command, Path.of("").toAbsolutePath(), Map.of(), "", Duration.ofSeconds(30));
  }

  /** Skips the test when this machine does not have a program that somebody else wrote. */
  static void assumeInstalled(String program) {
    boolean installed =
        Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    assumeTrue(installed, program + " is not installed");
  }

  Program in(Path otherFolder) {
    return new Program(command, otherFolder, environment, input, atMost);
  }

  Program with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Program(command, folder, Map.copyOf(more), input, atMost);
  }

  Program reading(String text) {
    return new Program(command, folder, environment, text, atMost);
  }

  Program within(Duration limit) {
    return new Program(command, folder, environment, input, limit);
  }

  /**
   * Runs it and waits for its end. Output goes through files, not pipes: a daemon that the program
   * leaves behind and that keeps its descriptors must not keep this call waiting.
   */
  Outcome run() {
    try {
      Path in = Files.createTempFile("program", ".in");
      Path out = Files.createTempFile("program", ".out");
      Path err = Files.createTempFile("program", ".err");
      try {
        Files.writeString(in, input);
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          process.destroyForcibly().waitFor();
        }
        Outcome outcome = new Outcome(command, process.exitValue(), text(out), text(err));
        if (!ended) {
          throw new AssertionError("did not end within " + atMost + ":\n" + outcome);
        }
        return outcome;
      } finally {
        Files.delete(in);
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), UTF_8);
  }

  /** How it ended and what it printed. */
  record Outcome(List<String> command, int exit, String out, String err) {
    /** This outcome, if the exit code is the expected one. */
    Outcome expect(int expectedExit) {
      if (exit != expectedExit) {
        throw new AssertionError("expected exit code " + expectedExit + ":\n" + this);
      }
      return this;
    }

    /** Standard output and standard error, in this order. */
    String printed() {
      return out + err;
    }

    @Override
    public String toString() {
      return "$ "
          + String.join(" ", command)
          + "\n"
          + printed().strip()
          + "\n(exit code "
          + exit
          + ")";
    }
  }
}
