package dev.zonekeeper.bench;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.bare.BareReplicas;
import dev.zonekeeper.bench.bare.SerialWatch;
import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long it takes until 20,000 updates are on three servers: a cluster, where that is so when the
 * last one is acknowledged, and a BIND primary whose two secondaries follow when they can.
 */
final class AllThreeHold implements Benchmark {
  private static final int IN_FLIGHT = 64;
  private static final double LIMIT = 1.2;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Override
  public String id() {
    return "replicated";
  }

  @Override
  public String inOneLine() {
    return "how long until 20,000 updates are on three servers";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    int updates = bench.settings().choose(5_000, 20_000);
    LocalCluster cluster = bench.cluster(3, 0);
    ClusterStatus status = cluster.awaitWhole();
    TsigKey key = cluster.key();
    Target leader = Target.leader(status, key, Workbench.ZONE);
    BareReplicas replicas = bench.replicas(BareNamed.Tuning.QUICK_TRANSFERS);
    Target primary = Target.of(replicas, bench.bareKey(), Workbench.ZONE);

    Ledgers ledger = new Ledgers();
    List<Double> ours = new ArrayList<>();
    List<Double> bare = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    LoadRun.whole(
        PATIENCE, leader, leader.clients(IN_FLIGHT), fresh(bench, updates / 4), ledger::record);
    for (int i = 0; i < bench.settings().choose(1, 3); i++) {
      long start = System.nanoTime();
      LoadRun bareRun;
      double acknowledgedAfter;
      try (SerialWatch watch = new SerialWatch(replicas.secondaries())) {
        bareRun =
            LoadRun.whole(
                PATIENCE, primary, primary.clients(IN_FLIGHT), fresh(bench, updates), result -> {});
        acknowledgedAfter = (System.nanoTime() - start) / 1e9;
        bare.add((watch.await(replicas.primary().serial(), PATIENCE) - start) / 1e9);
      }

      LoadRun run =
          LoadRun.whole(
              PATIENCE, leader, leader.clients(IN_FLIGHT), fresh(bench, updates), ledger::record);
      ours.add(run.tally().acknowledged() / run.perSecond());
      ratios.add(bare.getLast() / ours.getLast());
      String said =
          "run %d: BIND acknowledged all after %.1f s, its secondaries had them after %.1f s; ours %.1f s; failures %s and %s"
              .formatted(
                  i + 1,
                  acknowledgedAfter,
                  bare.getLast(),
                  ours.getLast(),
                  bareRun.tally().failures(),
                  run.tally().failures());
      bench.say(said);
      notes.add(said);
      if (bench.settings().cpu()) {
        notes.add("processor µs per update: " + ProcessorTime.shown(run.micros()));
        notes.add("its replicas', until acknowledged: " + ProcessorTime.shown(bareRun.micros()));
      }
    }
    notes.add(Acknowledged.check(cluster, ledger));
    double ratio = Figures.median(ratios);
    return List.of(
        new Row(
            "%,d updates until all three hold them".formatted(updates),
            "%.1f s".formatted(Figures.median(ours)),
            "%.1f s".formatted(Figures.median(bare)),
            Figures.times(ratio) + " as fast",
            ">= " + Figures.times(LIMIT),
            Verdict.of(ratio >= LIMIT),
            notes));
  }

  private static Workload fresh(Workbench bench, int updates) {
    return Workload.freshNames(Workbench.ZONE, bench.freshPrefix()).limit(updates);
  }
}
