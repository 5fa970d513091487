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
import java.util.Optional;
import java.util.TreeMap;

/** Kills the leader's agent, its {@code named}, or both with signal 9 while 16 clients write. */
final class LeaderCrash implements Benchmark {
  private static final double LIMIT_MILLIS = 1_200;

  private enum Victim {
    AGENT,
    NAMED,
    BOTH
  }

  @Override
  public String id() {
    return "crash";
  }

  @Override
  public String inOneLine() {
    return "the leader killed under load: how long writes stop";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    LocalCluster cluster = bench.cluster(3, 2);
    TsigKey key = cluster.key();
    Ledgers ledger = new Ledgers();
    Workload workload = Outage.workload(Workbench.ZONE);
    Map<Victim, List<Double>> gaps = new TreeMap<>();
    List<Double> all = new ArrayList<>();
    for (int i = 0; i <= bench.settings().failovers(); i++) {
      Victim victim = Victim.values()[i % Victim.values().length];
      ClusterStatus status = cluster.awaitWhole();
      ClusterStatus.Member leader = status.leading().orElseThrow();
      Outage outage =
          Outage.during(
              Target.everyPrimary(status, key, Workbench.ZONE),
              workload,
              ledger,
              () -> kill(leader, victim));
      if (i > 0) {
        gaps.computeIfAbsent(victim, v -> new ArrayList<>()).add(outage.longestGapMillis());
        all.add(outage.longestGapMillis());
      }
      bench.say(
          "%s: killed %s of %s: %s without an acknowledgement; failures %s"
              .formatted(
                  Outage.round(i),
                  victim,
                  leader.name(),
                  Figures.millis(outage.longestGapMillis()),
                  outage.tally().failures()));
      if (victim != Victim.NAMED) {
        cluster.start(leader.name());
      }
    }
    List<String> notes = new ArrayList<>();
    gaps.forEach((victim, list) -> notes.add(victim + " killed: " + spread(list)));
    notes.add(Acknowledged.check(cluster, ledger));
    double p99 = Figures.percentile(all, 99);
    return List.of(
        new Row(
            "leader killed under load: longest time without an acknowledgement, p99 of "
                + all.size(),
            Figures.millis(p99),
            "for ever",
            "",
            "<= " + Figures.millis(LIMIT_MILLIS),
            Verdict.of(p99 <= LIMIT_MILLIS),
            notes));
  }

  static String spread(List<Double> millis) {
    return "median %s, p90 %s, longest %s"
        .formatted(
            Figures.millis(Figures.median(millis)),
            Figures.millis(Figures.percentile(millis, 90)),
            Figures.millis(Figures.percentile(millis, 100)));
  }

  private static void kill(ClusterStatus.Member member, Victim victim) throws IOException {
    switch (victim) {
      case AGENT -> kill(member.agentPid());
      case NAMED -> kill(member.namedPid());
      case BOTH -> {
        kill(member.agentPid());
        kill(member.namedPid());
      }
    }
  }

  /** By the process number that the status names: to start a command would take time. */
  static void kill(long pid) throws IOException {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty() || !process.get().destroyForcibly()) {
      throw new IOException("process " + pid + " cannot be killed");
    }
  }
}
