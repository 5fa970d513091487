package dev.zonekeeper.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What processes have used, from {@code /proc}. */
final class ProcessorTime {
  /** {@code /proc} counts in 1/100 s on every Linux (USER_HZ). */
  private static final double MICROS_PER_TICK = 10_000;

  private final Map<String, Long> processes;
  private final Map<String, Long> before;

  private ProcessorTime(Map<String, Long> processes) throws IOException {
    this.processes = processes;
    this.before = ticks();
  }

  static ProcessorTime start(Map<String, Long> processes) throws IOException {
    return new ProcessorTime(processes);
  }

  /** Microseconds of user and system time per operation since the start, by process. */
  Map<String, Double> microsPer(long operations) throws IOException {
    Map<String, Double> micros = new LinkedHashMap<>();
    ticks()
        .forEach((process, ticks) ->
            micros.put(
                process,
                (ticks - before.get(process)) * MICROS_PER_TICK / Math.max(1, operations)));
    return micros;
  }

  static String shown(Map<String, Double> micros) {
    double sum = micros.values().stream().mapToDouble(Double::doubleValue).sum();
    return micros.entrySet().stream()
            .map(e -> "%s %.0f".formatted(e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "))
        + ", together %.0f".formatted(sum);
  }

  /** Resident memory in MB (10^6 bytes) of a process. */
  static double residentMegabytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
      }
    }
    throw new IOException("/proc/" + pid + "/status has no VmRSS");
  }

  private Map<String, Long> ticks() throws IOException {
    Map<String, Long> ticks = new LinkedHashMap<>();
    for (Map.Entry<String, Long> process : processes.entrySet()) {
      String stat = Files.readString(Path.of("/proc/" + process.getValue() + "/stat"));
      List<String> afterName = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      ticks.put(
          process.getKey(), Long.parseLong(afterName.get(11)) + Long.parseLong(afterName.get(12)));
    }
    return ticks;
  }
}
