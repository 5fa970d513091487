package dev.zonekeeper.bench;

import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One client that sends one update after the other. */
final class LoneClient implements Benchmark {
  private static final double LIMIT_MILLIS = 5;

  @Override
  public String id() {
    return "lone";
  }

  @Override
  public String inOneLine() {
    return "the median latency of a client that is alone";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    LocalCluster cluster = bench.cluster(3, 0);
    ClusterStatus status = cluster.awaitWhole();
    TsigKey key = cluster.key();
    Target bare = bench.bare();
    Target leader = Target.leader(status, key, Workbench.ZONE);

    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> tails = new ArrayList<>();
    List<Double> above = new ArrayList<>();
    for (int i = -1; i < bench.settings().choose(3, 7); i++) {
      LoadRun bareRun = lone(bench, bare);
      LoadRun run = lone(bench, leader);
      bench.say(
          "%s: bare %s, ours %s (p99 %s)"
              .formatted(
                  i < 0 ? "warm-up" : "run " + (i + 1),
                  Figures.millis(bareRun.medianMillis()),
                  Figures.millis(run.medianMillis()),
                  Figures.millis(run.tally().latencies().millis(99))));
      if (i >= 0) {
        ours.add(run.medianMillis());
        theirs.add(bareRun.medianMillis());
        tails.add(run.tally().latencies().millis(99));
        above.add(run.medianMillis() - bareRun.medianMillis());
      }
    }
    double difference = Figures.median(above);
    return List.of(
        new Row(
            "lone client, median",
            Figures.millis(Figures.median(ours)),
            Figures.millis(Figures.median(theirs)),
            "+" + Figures.millis(difference),
            "<= +" + Figures.millis(LIMIT_MILLIS),
            Verdict.of(difference <= LIMIT_MILLIS),
            List.of("p99 " + Figures.millis(Figures.median(tails)))));
  }

  private static LoadRun lone(Workbench bench, Target target)
      throws IOException, InterruptedException {
    return LoadRun.lasting(
        Duration.ofSeconds(bench.settings().choose(2, 4)),
        target,
        target.clients(1),
        Workload.freshNames(Workbench.ZONE, bench.freshPrefix()),
        result -> {});
  }
}
