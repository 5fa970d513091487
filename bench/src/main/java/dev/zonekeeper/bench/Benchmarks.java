package dev.zonekeeper.bench;

import dev.zonekeeper.bench.cluster.ZonekeeperCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A group of benchmarks that is run with one command. */
public final class Benchmarks {
  private final String name;
  private final List<Benchmark> benchmarks;

  /**
   * A group.
   *
   * @param name of the command, and of the file with its table
   */
  Benchmarks(String name, Benchmark... benchmarks) {
    this.name = name;
    this.benchmarks = List.of(benchmarks);
  }

  /** How fast updates are, beside bare BIND and other name servers. */
  public static Benchmarks updates() {
    return new Benchmarks(
        "updates",
        new AgentFootprint(), // first: a start includes named's, which takes longer for a larger
        // zone
        new Throughput(),
        new LoneClient(),
        new Stations(),
        new Peers(),
        new ManyClients(),
        new AllThreeHold(),
        new Queries(),
        new Visibility());
  }

  /** How long a change of the leader is felt, and what is lost by it. */
  public static Benchmarks failover() {
    return new Benchmarks(
        "failover",
        new LeaderCrash(),
        new SwitchoverUnderLoad(),
        new LostUpdates(),
        new Sizes(),
        new TenThousandZones());
  }

  /** What {@link BenchSettings#only} may name. */
  public List<String> ids() {
    return benchmarks.stream().map(Benchmark::id).toList();
  }

  /** A line for each row: its name, and what it measures. */
  public List<String> inWords() {
    return benchmarks.stream()
        .map(benchmark -> "%-11s %s".formatted(benchmark.id(), benchmark.inOneLine()))
        .toList();
  }

  /**
   * Runs them and prints the table; when this process is asked to end before that, ends every
   * process that was started. A benchmark that cannot be run is a line that says why; the others go
   * on.
   *
   * @param out gets the table
   * @param progress gets a line for every step
   * @return whether every limit was reached
   */
  public boolean run(
      BenchSettings settings, ZonekeeperCommand zonekeeper, PrintStream out, PrintStream progress)
      throws IOException, InterruptedException {
    CleanEnd cleanEnd = CleanEnd.of(Thread.currentThread());
    List<Row> rows;
    try {
      rows = rows(settings, zonekeeper, progress);
    } finally {
      cleanEnd.reached();
    }
    Table.print(rows, out);
    if (settings.output().isPresent()) {
      Path folder = Files.createDirectories(settings.output().get());
      Path page = folder.resolve(name + ".md");
      Files.writeString(page, Table.markdown("bench " + name, Machine.described(), rows));
      progress.println("the table is in " + page);
    }
    return rows.stream().noneMatch(row -> row.verdict() == Verdict.MISSED);
  }

  private List<Row> rows(BenchSettings settings, ZonekeeperCommand zonekeeper, PrintStream progress)
      throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    try (Workbench bench = new Workbench(settings, zonekeeper, progress)) {
      for (Benchmark benchmark : benchmarks) {
        if (settings.only().isEmpty() || settings.only().contains(benchmark.id())) {
          progress.println("== " + benchmark.id());
          try {
            rows.addAll(benchmark.run(bench));
          } catch (IOException | RuntimeException e) {
            rows.add(failed(benchmark, e));
          }
        }
      }
    }
    return rows;
  }

  private static Row failed(Benchmark benchmark, Exception why) {
    return new Row(
        benchmark.id(), "", "", "", "", Verdict.MISSED, List.of(String.valueOf(why.getMessage())));
  }
}
