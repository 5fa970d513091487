package dev.zonekeeper.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What was measured on and with, for people. */
final class Machine {
  private Machine() {}

  /** Processor, memory, kernel, Java, and versions of the name servers that are installed. */
  static List<String> described() throws InterruptedException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "processor: %s, %d cores"
            .formatted(
                field("/proc/cpuinfo", "model name"), Runtime.getRuntime().availableProcessors()));
    lines.add("memory: " + gigabytes(field("/proc/meminfo", "MemTotal")));
    lines.add("kernel: %s %s".formatted(property("os.name"), property("os.version")));
    lines.add("Java: " + Runtime.version());
    lines.add("BIND: " + version("named", "-V"));
    lines.add("Knot DNS: " + version("knotd", "--version"));
    lines.add("PowerDNS: " + version("pdns_server", "--version"));
    return lines;
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static String field(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Linux counts in KiB and calls it kB. */
  static String gigabytes(String kib) {
    String digits = kib.replaceAll("\\D", "");
    return digits.isEmpty() ? kib : "%d GB".formatted(Math.round(Long.parseLong(digits) / 1e6));
  }

  /** Without the time at which it is said, and without a name of its build that it has not. */
  static String tidy(String version) {
    return version.replaceFirst("^[A-Z][a-z]{2} +\\d+ [\\d:]+ ", "").replace(" <id:>", "");
  }

  /** The first line of what it says. */
  private static String version(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said.lines().findFirst().map(Machine::tidy).orElse("unknown");
    } catch (IOException e) {
      return "not found";
    }
  }
}
