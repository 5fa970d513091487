package dev.zonekeeper.bench.bare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the program {@code dnsperf}, which asks a server as fast as it answers. */
public final class Dnsperf {
  private static final Programs INSTALLED = Programs.ofPath(System.getenv("PATH"));
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern RATE = line("Queries per second", "([0-9.]+)");
  private static final Pattern LOST = line("Queries lost", "(\\d+)\\b.*");
  private static final Pattern CODES = line("Response codes", "(.*)");

  private Dnsperf() {}

  /**
   * What it found.
   *
   * @param perSecond answers per second
   * @param lost queries without an answer
   * @param codes the response codes as it prints them
   */
  public record Report(double perSecond, long lost, String codes) {
    /** Whether every answer that came was NOERROR. */
    public boolean allNoError() {
      return codes.startsWith("NOERROR") && !codes.contains(",");
    }
  }

  /** A sentence that says that it is not installed; empty when it is. */
  public static Optional<String> whyNot() {
    return INSTALLED.find("dnsperf").isPresent()
        ? Optional.empty()
        : Optional.of("not measured: dnsperf is not installed (Debian: apt-get install dnsperf)");
  }

  /**
   * Asks the same queries again and again.
   *
   * @param queries a file with a name and a type on each line
   * @throws IOException if it fails, with what it said
   */
  public static Report run(InetSocketAddress server, Path queries, Duration duration)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile("zonekeeper-bench-", ".dnsperf");
    try {
      Process process =
          new ProcessBuilder(
                  INSTALLED.command(
                      "dnsperf",
                      "-s",
                      server.getAddress().getHostAddress(),
                      "-p",
                      String.valueOf(server.getPort()),
                      "-d",
                      queries.toString(),
                      "-l",
                      String.valueOf(duration.toSeconds())))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      try {
        process.getOutputStream().close();
        if (!process.waitFor(duration.plus(PATIENCE).toSeconds(), TimeUnit.SECONDS)) {
          throw new IOException("dnsperf: not done " + PATIENCE.toSeconds() + " s after its time");
        }
      } finally {
        process.destroyForcibly();
      }
      String text = Files.readString(said, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException("dnsperf: exit code " + process.exitValue() + ": " + text.strip());
      }
      return parse(text);
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /**
   * Reads the statistics that it prints at its end.
   *
   * @throws IOException if a figure is not there
   */
  static Report parse(String text) throws IOException {
    return new Report(
        Double.parseDouble(find(RATE, text)),
        Long.parseLong(find(LOST, text)),
        find(CODES, text).strip());
  }

  private static Pattern line(String title, String value) {
    return Pattern.compile("^\\s*" + title + ":\\s*" + value + "$", Pattern.MULTILINE);
  }

  private static String find(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("dnsperf: no line " + pattern + " in: " + text.strip());
    }
    return matcher.group(1);
  }
}
