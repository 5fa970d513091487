package dev.zonekeeper.bench;

import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Change;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** The leader of 10,000 zones is killed while clients write to all of them in turn. */
final class TenThousandZones implements Benchmark {
  private static final double LIMIT_MILLIS = 3_000;
  private static final int STRIDE = 7_919;

  @Override
  public String id() {
    return "zones";
  }

  @Override
  public String inOneLine() {
    return "the leader of 10,000 zones killed while all are written to";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    int zones = bench.settings().choose(1_000, 10_000);
    LocalCluster cluster = bench.cluster(3, 0, zones);
    TsigKey key = cluster.key();
    Ledgers ledgers = new Ledgers();
    List<Double> gaps = new ArrayList<>();
    for (int i = 0; i < bench.settings().choose(1, 5); i++) {
      ClusterStatus status = cluster.awaitWhole();
      ClusterStatus.Member leader = status.leading().orElseThrow();
      Outage outage =
          Outage.during(
              Target.everyPrimary(status, key, Workbench.ZONE),
              inTurn(zones, bench.freshPrefix()),
              ledgers,
              () -> LeaderCrash.kill(leader.agentPid()));
      gaps.add(outage.longestGapMillis());
      bench.say(
          "round %d: %s without an acknowledgement; failures %s"
              .formatted(
                  i + 1, Figures.millis(outage.longestGapMillis()), outage.tally().failures()));
      cluster.start(leader.name());
    }
    double longest = Figures.percentile(gaps, 100);
    return List.of(
        new Row(
            "%,d zones: takeover, the longest of %d".formatted(zones, gaps.size()),
            Figures.millis(longest),
            "for ever",
            "",
            "<= " + Figures.millis(LIMIT_MILLIS),
            Verdict.of(longest <= LIMIT_MILLIS),
            List.of(LeaderCrash.spread(gaps), Acknowledged.check(cluster, ledgers))));
  }

  /** Every zone once before one comes again, in an order without neighbours. */
  private static Workload inTurn(int zones, String prefix) {
    AtomicLong number = new AtomicLong();
    return client -> {
      long n = number.getAndIncrement();
      try {
        Name zone = Name.fromString(Workbench.zoneName((int) (n * STRIDE % zones)), Name.root);
        return Optional.of(Change.add(zone, Name.fromString(prefix + "-" + n, zone), "v" + n));
      } catch (TextParseException e) {
        throw new IllegalStateException(e);
      }
    };
  }
}
