package dev.zonekeeper.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** TLC, the model checker, run on one configuration in a process of its own. */
record Tlc(Path folder, String module, Path configuration) {
  private static final Path SPEC = Path.of("").toAbsolutePath();
  private static final Path RUNS = SPEC.resolve("target/tlc");
  private static final Pattern BEHAVIOUR = Pattern.compile("(?m)^SPECIFICATION (\\w+)$");
  private static final Pattern STATES =
      Pattern.compile("states generated.*?, ([\\d,]+) distinct states found");
  private static final Pattern BROKEN = Pattern.compile("Error: Invariant (\\w+) is violated");
  private static final Pattern STEP = Pattern.compile("(?m)^State \\d+:");

  /**
   * What TLC found.
   *
   * @param complete whether it looked at every state there is, and found nothing wrong
   * @param broken the invariant that it found broken
   * @param steps how many states lead to that, the first included
   * @param distinct how many different states it looked at
   * @param output all that it wrote
   */
  record Result(
      boolean complete, Optional<String> broken, int steps, long distinct, String output) {}

  /** The configurations of one folder of the specification, by name. */
  static List<Tlc> configurations(String folder) {
    try (Stream<Path> files = Files.list(SPEC.resolve(folder))) {
      return files
          .filter(f -> f.toString().endsWith(".cfg"))
          .sorted()
          .map(f -> new Tlc(SPEC, moduleOf(f), f))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One configuration of the specification. */
  static Tlc configuration(String folder, String name) {
    Path file = SPEC.resolve(folder).resolve(name + ".cfg");
    return new Tlc(SPEC, moduleOf(file), file);
  }

  /** The module in which the behaviour is that a configuration asks for. */
  private static String moduleOf(Path configuration) {
    Matcher behaviour = BEHAVIOUR.matcher(read(configuration));
    if (!behaviour.find()) {
      throw new IllegalArgumentException(configuration + " says no SPECIFICATION");
    }
    return switch (behaviour.group(1)) {
      case "Spec" -> "Zonekeeper";
      case "CalmSpec" -> "WritesComeBack";
      case "LookingSpec" -> "Looks";
      default ->
          throw new IllegalArgumentException(
              configuration + ": no module is known for SPECIFICATION " + behaviour.group(1));
    };
  }

  String name() {
    String file = configuration.getFileName().toString();
    return file.substring(0, file.length() - ".cfg".length());
  }

  /** The configuration with another value for one constant. */
  Tlc with(String constant, String value) throws IOException {
    String text = read(configuration);
    String changed =
        text.replaceFirst(
            "(?m)^  " + constant + " = .*$",
            Matcher.quoteReplacement("  " + constant + " = " + value));
    if (changed.equals(text)) {
      throw new IllegalArgumentException(
          configuration + " has no constant " + constant + " other than " + value);
    }
    Path file =
        RUNS.resolve(configuration.getParent().getFileName() + "-" + name() + "-changed.cfg");
    Files.createDirectories(RUNS);
    Files.writeString(file, changed);
    return new Tlc(folder, module, file);
  }

  /** Looks at the states until all were seen, something is wrong, or the time is over. */
  Result run(Duration atMost) throws IOException, InterruptedException {
    Path run = RUNS.resolve(configuration.getParent().getFileName() + "-" + name());
    delete(run);
    Path tmp = Files.createDirectories(run.resolve("tmp"));
    Path output = run.resolve("output.txt");
    Process tlc =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-Xmx4g",
                "-Djava.io.tmpdir=" + tmp,
                "-cp",
                jar().toString(),
                "tlc2.TLC",
                "-workers",
                "1",
                "-nowarning",
                "-metadir",
                run.resolve("states").toString(),
                "-config",
                configuration.toString(),
                module)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!tlc.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        tlc.destroyForcibly().waitFor();
      }
    } finally {
      tlc.destroyForcibly();
      delete(run.resolve("states"));
      delete(tmp);
    }
    return result(read(output));
  }

  private static Result result(String output) {
    Matcher states = STATES.matcher(output);
    long distinct = 0;
    while (states.find()) {
      distinct = Long.parseLong(states.group(1).replace(",", ""));
    }
    Matcher broken = BROKEN.matcher(output);
    return new Result(
        output.contains("Model checking completed. No error has been found."),
        broken.find() ? Optional.of(broken.group(1)) : Optional.empty(),
        (int) STEP.matcher(output).results().count(),
        distinct,
        output);
  }

  private static Path jar() {
    try {
      return Path.of(tlc2.TLC.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      List<Path> all;
      try (Stream<Path> files = Files.walk(folder)) {
        all = files.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path file : all) {
        Files.delete(file);
      }
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
