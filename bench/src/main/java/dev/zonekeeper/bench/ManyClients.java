package dev.zonekeeper.bench;

import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Rcode;

/**
 * 5,000 clients that begin at the same moment, each with its own socket and without
 * retransmissions. An answer that says no is an answer; silence is not.
 */
final class ManyClients implements Benchmark {
  private static final int CLIENTS = 5_000;
  private static final int FEW = 64;
  private static final double LIMIT = 0.9;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Override
  public String id() {
    return "clients";
  }

  @Override
  public String inOneLine() {
    return "5,000 clients that begin at once: how many hear nothing";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    LocalCluster cluster = bench.cluster(3, 0);
    ClusterStatus status = cluster.awaitWhole();
    TsigKey key = cluster.key();
    Target leader = Target.leader(status, key, Workbench.ZONE);
    int updates = bench.settings().choose(10_000, 20_000);
    Ledgers ledger = new Ledgers();
    List<Double> ratios = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    long silent = 0;
    for (int i = -1; i < bench.settings().choose(1, 3); i++) {
      LoadRun few = run(bench, leader, FEW, updates / 2, ledger);
      LoadRun many = run(bench, leader, CLIENTS, updates, ledger);
      String said =
          "%s: %d clients %s; %,d clients %s, median %s, longest %s, failures %s"
              .formatted(
                  i < 0 ? "warm-up" : "run " + (i + 1),
                  FEW,
                  Figures.perSecond(few.perSecond()),
                  CLIENTS,
                  Figures.perSecond(many.perSecond()),
                  Figures.millis(many.medianMillis()),
                  Figures.millis(many.tally().latencies().millis(100)),
                  many.tally().failures());
      bench.say(said);
      if (i >= 0) {
        notes.add(said);
        rates.add(many.perSecond());
        ratios.add(many.perSecond() / few.perSecond());
      }
      silent += silent(many.tally().failures());
    }
    notes.add(Acknowledged.check(cluster, ledger));
    LoadRun bare = bareWave(bench);
    double ratio = Figures.median(ratios);
    return List.of(
        new Row(
            "%,d clients at once".formatted(CLIENTS),
            Figures.perSecond(Figures.median(rates)),
            "%,d of %,d unanswered".formatted(silent(bare.tally().failures()), CLIENTS),
            "%s of 64's, %,d unanswered".formatted(Figures.times(ratio), silent),
            ">= %s, 0 unanswered".formatted(Figures.times(LIMIT)),
            Verdict.of(ratio >= LIMIT && silent == 0),
            notes));
  }

  private static LoadRun run(
      Workbench bench, Target target, int clients, int updates, Ledgers ledger)
      throws IOException, InterruptedException {
    return LoadRun.whole(
        PATIENCE,
        target,
        target.clients(clients).patience(Duration.ZERO, Duration.ofSeconds(20)),
        Workload.freshNames(Workbench.ZONE, bench.freshPrefix()).limit(updates),
        ledger::record);
  }

  private static LoadRun bareWave(Workbench bench) throws IOException, InterruptedException {
    Target bare = bench.bare();
    return LoadRun.whole(
        PATIENCE,
        bare,
        bare.clients(CLIENTS).patience(Duration.ZERO, Duration.ofSeconds(10)),
        Workload.freshNames(Workbench.ZONE, bench.freshPrefix()).limit(CLIENTS),
        result -> {});
  }

  private static long silent(Map<String, Long> failures) {
    return failures.entrySet().stream()
        .filter(failure -> Rcode.value(failure.getKey()) < 0)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
