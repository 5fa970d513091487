package dev.zonekeeper.bench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What the person asked for.
 *
 * @param quick fewer and shorter runs: for a first look
 * @param rounds how many failovers; 0: 50, or 5 when quick; of {@code lost} 10, or 2 when quick
 * @param only the rows to run, by {@link Benchmarks#ids()}; empty: all
 * @param folder for clusters and servers; its content is thrown away afterwards
 * @param basePort where the ports begin, some 200 are used
 * @param cpu whether the processor time of every process is printed
 * @param output a folder for the table, and the figures and plots of {@code peers}
 */
public record BenchSettings(
    boolean quick,
    int rounds,
    Set<String> only,
    Path folder,
    int basePort,
    boolean cpu,
    Optional<Path> output) {

  /** Keeps a copy. */
  public BenchSettings {
    only = Set.copyOf(only);
  }

  int failovers() {
    return rounds > 0 ? rounds : quick ? 5 : 50;
  }

  /** How many primaries are lost with their disks. */
  int losses() {
    return rounds > 0 ? rounds : quick ? 2 : 10;
  }

  /** One number for a quick run, another for a proper one. */
  int choose(int whenQuick, int properly) {
    return quick ? whenQuick : properly;
  }
}
