package dev.zonekeeper.bench;

import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code zonekeeper switchover} while 16 clients write. */
final class SwitchoverUnderLoad implements Benchmark {
  private static final double LIMIT_MILLIS = 250;

  @Override
  public String id() {
    return "switchover";
  }

  @Override
  public String inOneLine() {
    return "a switchover under load: how long writes stop";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    LocalCluster cluster = bench.cluster(3, 2);
    TsigKey key = cluster.key();
    Ledgers ledger = new Ledgers();
    Workload workload = Outage.workload(Workbench.ZONE);
    List<Double> gaps = new ArrayList<>();
    Map<String, Long> failures = new TreeMap<>();
    for (int i = 0; i <= bench.settings().failovers(); i++) {
      ClusterStatus status = cluster.awaitWhole();
      Outage outage =
          Outage.during(
              Target.everyPrimary(status, key, Workbench.ZONE),
              workload,
              ledger,
              cluster::switchover);
      if (i > 0) {
        gaps.add(outage.longestGapMillis());
      }
      outage.tally().failures().forEach((why, count) -> failures.merge(why, count, Long::sum));
      bench.say(
          "%s: switchover from %s: %s without an acknowledgement; failures %s"
              .formatted(
                  Outage.round(i),
                  status.leader(),
                  Figures.millis(outage.longestGapMillis()),
                  outage.tally().failures()));
    }
    double p99 = Figures.percentile(gaps, 99);
    return List.of(
        new Row(
            "switchover under load: longest time without an acknowledgement, p99 of " + gaps.size(),
            Figures.millis(p99),
            "by hand",
            "failures " + failures,
            "<= " + Figures.millis(LIMIT_MILLIS) + ", no failure",
            Verdict.of(p99 <= LIMIT_MILLIS && failures.isEmpty()),
            List.of(LeaderCrash.spread(gaps), Acknowledged.check(cluster, ledger))));
  }
}
