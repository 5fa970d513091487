package dev.zonekeeper.bench;

import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** 64 updates in flight at a cluster of three primaries, and at a single {@code named}. */
final class Throughput implements Benchmark {
  private static final int IN_FLIGHT = 64;
  private static final double LIMIT = 0.7;

  @Override
  public String id() {
    return "throughput";
  }

  @Override
  public String inOneLine() {
    return "64 updates in flight, beside one named";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    LocalCluster cluster = bench.cluster(3, 0);
    ClusterStatus status = cluster.awaitWhole();
    TsigKey key = cluster.key();
    Map<String, Target> targets = new LinkedHashMap<>();
    targets.put("bare", bench.bare());
    targets.put("leader", Target.leader(status, key, Workbench.ZONE));
    targets.put("any", Target.everyPrimary(status, key, Workbench.ZONE));

    Ledgers ledger = new Ledgers();
    Map<String, List<LoadRun>> runs = new LinkedHashMap<>();
    int pairs = bench.settings().choose(3, 7);
    Duration slice = Duration.ofSeconds(bench.settings().choose(4, 8));
    for (int i = -1; i < pairs; i++) {
      for (Map.Entry<String, Target> target : targets.entrySet()) {
        LoadRun run =
            LoadRun.lasting(
                slice,
                target.getValue(),
                target.getValue().clients(IN_FLIGHT),
                Workload.freshNames(Workbench.ZONE, bench.freshPrefix()),
                target.getKey().equals("bare") ? result -> {} : ledger::record);
        bench.say(
            "%s %s: %s, median %s, failures %s"
                .formatted(
                    i < 0 ? "warm-up" : "run " + (i + 1),
                    target.getKey(),
                    Figures.perSecond(run.perSecond()),
                    Figures.millis(run.medianMillis()),
                    run.tally().failures()));
        if (i >= 0) {
          runs.computeIfAbsent(target.getKey(), k -> new ArrayList<>()).add(run);
        }
      }
    }
    return List.of(
        row(
            "64 in flight at the leader",
            runs,
            "leader",
            LIMIT,
            notes(bench, cluster, ledger, runs)),
        row("64 in flight at all members", runs, "any", 0, List.of()));
  }

  private static Row row(
      String what, Map<String, List<LoadRun>> runs, String ours, double limit, List<String> notes) {
    double ratio = LoadRun.medianRatio(runs.get(ours), runs.get("bare"));
    return new Row(
        what,
        Figures.perSecond(median(runs.get(ours))),
        Figures.perSecond(median(runs.get("bare"))),
        Figures.times(ratio),
        limit > 0 ? ">= " + Figures.times(limit) : "",
        limit > 0 ? Verdict.of(ratio >= limit) : Verdict.SEEN,
        notes);
  }

  private static double median(List<LoadRun> runs) {
    return Figures.median(runs.stream().map(LoadRun::perSecond).toList());
  }

  private static List<String> notes(
      Workbench bench, LocalCluster cluster, Ledgers ledger, Map<String, List<LoadRun>> runs)
      throws IOException, InterruptedException {
    List<String> notes = new ArrayList<>();
    notes.add(Acknowledged.check(cluster, ledger));
    if (bench.settings().cpu()) {
      runs.forEach((name, list) ->
          notes.add(
              "processor µs per update, %s: %s"
                  .formatted(name, ProcessorTime.shown(list.getLast().micros()))));
    }
    return notes;
  }
}
