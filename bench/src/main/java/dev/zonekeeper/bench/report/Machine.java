package dev.zonekeeper.bench.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The machine that figures are of. */
final class Machine {
  private static final int WRITES = 200;

  private Machine() {}

  /**
   * In lines.
   *
   * @param folder on the disk that servers write to
   */
  static List<String> inLines(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d processors (%s), %s of memory"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                field(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch")),
                field(Path.of("/proc/meminfo"), "MemTotal").orElse("an unknown amount")));
    lines.add(System.getProperty("os.name") + " " + System.getProperty("os.version"));
    lines.add("Java " + Runtime.version());
    lines.add(version("named", "-v"));
    for (List<String> server :
        List.of(List.of("knotd", "-V"), List.of("pdns_server", "--version"))) {
      String version = version(server.getFirst(), server.get(1));
      if (!version.isEmpty()) {
        lines.add(version);
      }
    }
    lines.add(
        "the disk: %.2f ms to write and sync 4 KiB (median of %d)"
            .formatted(syncMillis(folder), WRITES));
    return lines;
  }

  private static Optional<String> field(Path file, String name) throws IOException {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  /** The first line of what a program says of itself; nothing if it is not there. */
  private static String version(String program, String option) {
    try {
      Process process = new ProcessBuilder(program, option).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said.lines()
          .map(line -> line.replaceFirst("^\\w+ \\d\\d [\\d:]+ ", ""))
          .filter(line -> line.matches(".*\\d+\\.\\d+.*"))
          .findFirst()
          .orElse("");
    } catch (IOException notThere) {
      return "";
    }
  }

  private static double syncMillis(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = Files.createTempFile(folder, "sync", "");
    double[] millis = new double[WRITES];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < WRITES; i++) {
        ByteBuffer block = ByteBuffer.allocate(4096);
        long before = System.nanoTime();
        channel.write(block);
        channel.force(false);
        millis[i] = (System.nanoTime() - before) / 1e6;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(millis);
    return millis[WRITES / 2];
  }

  /** A figure as people write it, the same everywhere. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
