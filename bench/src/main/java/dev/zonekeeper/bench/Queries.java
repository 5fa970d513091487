package dev.zonekeeper.bench;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.bare.Dnsperf;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Change;
import dev.zonekeeper.bench.load.Workload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Queries per second at a secondary of a cluster, and at a single {@code named}. */
final class Queries implements Benchmark {
  private static final int NAMES = 1_000;
  private static final double LIMIT = 1.0;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Override
  public String id() {
    return "queries";
  }

  @Override
  public String inOneLine() {
    return "queries per second at a secondary, by dnsperf";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    Optional<String> whyNot = Dnsperf.whyNot();
    if (whyNot.isPresent()) {
      return List.of(row("", "", "", Verdict.SEEN, List.of(whyNot.get())));
    }
    LocalCluster cluster = bench.cluster(3, 2);
    Target leader = Target.leader(cluster.awaitWhole(), cluster.key(), Workbench.ZONE);
    InetSocketAddress secondary = cluster.status().secondaries().getFirst().dnsAddress();
    String prefix = bench.freshPrefix();
    List<Name> names = IntStream.range(0, NAMES).mapToObj(n -> below(prefix, n)).toList();
    Path queries = Files.createTempFile("zonekeeper-bench-", ".queries");
    try (BareNamed named = bench.emptyBare()) {
      Files.writeString(
          queries, names.stream().map(name -> name + " TXT\n").collect(Collectors.joining()));
      fill(leader, names);
      fill(Target.of(named, bench.bareKey(), Workbench.ZONE), names);
      try (TextProbe probe = new TextProbe(List.of(secondary), names.getLast(), "v")) {
        probe.await(PATIENCE);
      }
      return compare(bench, secondary, named.dns(), queries);
    } finally {
      Files.deleteIfExists(queries);
    }
  }

  private static List<Row> compare(
      Workbench bench, InetSocketAddress secondary, InetSocketAddress named, Path queries)
      throws IOException, InterruptedException {
    Duration slice = Duration.ofSeconds(bench.settings().choose(3, 6));
    List<Double> ours = new ArrayList<>();
    List<Double> bare = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    long lost = 0;
    for (int i = -1; i < bench.settings().choose(3, 7); i++) {
      Dnsperf.Report theirs = answered(named, queries, slice);
      Dnsperf.Report run = answered(secondary, queries, slice);
      bench.say(
          "%s: bare %s, ours %s"
              .formatted(
                  i < 0 ? "warm-up" : "run " + (i + 1),
                  Figures.perSecond(theirs.perSecond()),
                  Figures.perSecond(run.perSecond())));
      if (i >= 0) {
        ours.add(run.perSecond());
        bare.add(theirs.perSecond());
        ratios.add(run.perSecond() / theirs.perSecond());
        lost += run.lost();
      }
    }
    double ratio = Figures.median(ratios);
    return List.of(
        row(
            Figures.perSecond(Figures.median(ours)),
            Figures.perSecond(Figures.median(bare)),
            Figures.times(ratio),
            Verdict.of(ratio >= LIMIT),
            List.of("%,d queries to ours unanswered".formatted(lost))));
  }

  private static Row row(
      String ours, String bare, String compared, Verdict verdict, List<String> notes) {
    return new Row(
        "queries at a secondary",
        ours,
        bare,
        compared,
        ">= " + Figures.times(LIMIT),
        verdict,
        notes);
  }

  private static Dnsperf.Report answered(InetSocketAddress server, Path queries, Duration slice)
      throws IOException, InterruptedException {
    Dnsperf.Report report = Dnsperf.run(server, queries, slice);
    if (!report.allNoError()) {
      throw new IOException(server + " answered " + report.codes());
    }
    return report;
  }

  private static void fill(Target target, List<Name> names)
      throws IOException, InterruptedException {
    List<Change> changes =
        names.stream().map(name -> Change.add(Workbench.ZONE, name, "v")).toList();
    LoadRun run =
        LoadRun.whole(PATIENCE, target, target.clients(16), Workload.of(changes), result -> {});
    if (run.tally().acknowledged() < names.size()) {
      throw new IOException("not all names could be added: " + run.tally().failures());
    }
  }

  private static Name below(String prefix, int number) {
    try {
      return Name.fromString(prefix + "-" + number, Workbench.ZONE);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
