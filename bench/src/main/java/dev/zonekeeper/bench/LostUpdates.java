package dev.zonekeeper.bench;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.bare.BareReplicas;
import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.LoadGenerator;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The server that takes 64 updates at a time is killed with signal 9, its disk is lost, and another
 * one takes its place: how many acknowledged updates are missing then. Each update adds a name of
 * its own, so that none is hidden by a later one. New servers for each round.
 */
final class LostUpdates implements Benchmark {
  private static final int IN_FLIGHT = 64;
  private static final int ACKNOWLEDGED_AFTER = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** BIND collects changes for so long before it tells its secondaries ({@code notify-delay}). */
  private static final Duration NOTIFY_DELAY = Duration.ofSeconds(5);

  /**
   * What was lost in one round.
   *
   * @param acknowledged updates
   * @param missing of these, afterwards
   */
  record Loss(long acknowledged, long missing) {
    String inWords() {
      return "%,d of %,d acknowledged updates".formatted(missing, acknowledged);
    }
  }

  @Override
  public String id() {
    return "lost";
  }

  @Override
  public String inOneLine() {
    return "the primary killed, its disk lost: acknowledged updates lost";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    List<Loss> ours = new ArrayList<>();
    Map<BareNamed.Tuning, List<Loss>> bare = new EnumMap<>(BareNamed.Tuning.class);
    int rounds = bench.settings().losses();
    for (int i = 0; i < rounds; i++) {
      Duration load = loadTime(i, rounds);
      for (BareNamed.Tuning tuning : BareNamed.Tuning.values()) {
        Loss loss = ofBare(bench, tuning, load);
        bare.computeIfAbsent(tuning, t -> new ArrayList<>()).add(loss);
        bench.say(
            "round %d, BIND, %s, primary killed after %d ms: lost %s"
                .formatted(i + 1, tuning, load.toMillis(), loss.inWords()));
      }
      ours.add(ofCluster(bench, load));
      bench.say(
          "round %d, Zonekeeper, leader killed and wiped after %d ms: lost %s"
              .formatted(i + 1, load.toMillis(), ours.getLast().inWords()));
    }
    return List.of(
        row(ours, bare.get(BareNamed.Tuning.DEFAULTS), bare.get(BareNamed.Tuning.QUICK_TRANSFERS)));
  }

  /** The moments of the kills are spread evenly over one {@code notify-delay}. */
  static Duration loadTime(int round, int rounds) {
    return NOTIFY_DELAY.plus(NOTIFY_DELAY.multipliedBy(round).dividedBy(rounds));
  }

  /** Any loss of ours misses the limit. */
  static Row row(List<Loss> ours, List<Loss> bare, List<Loss> tuned) {
    return new Row(
        "primary killed under load, its disk lost: acknowledged updates lost, median of %d (worst)"
            .formatted(ours.size()),
        cell(ours),
        cell(bare),
        Map.of("BIND, quick transfers", cell(tuned)),
        "",
        "none",
        Verdict.of(ours.stream().allMatch(loss -> loss.missing() == 0)),
        List.of(
            "Zonekeeper: " + sum(ours),
            "BIND, 2 secondaries, defaults: " + sum(bare),
            "the same, tuned for quick transfers: " + sum(tuned)));
  }

  private static String cell(List<Loss> losses) {
    List<Double> missing = losses.stream().map(loss -> (double) loss.missing()).toList();
    return "%,.0f (%,.0f)".formatted(Figures.median(missing), Collections.max(missing));
  }

  private static String sum(List<Loss> losses) {
    return "lost %s in %d rounds"
        .formatted(
            new Loss(
                    losses.stream().mapToLong(Loss::acknowledged).sum(),
                    losses.stream().mapToLong(Loss::missing).sum())
                .inWords(),
            losses.size());
  }

  /** The secondary that has more takes the primary's place. */
  static Loss ofBare(Workbench bench, BareNamed.Tuning tuning, Duration load)
      throws IOException, InterruptedException {
    try (BareReplicas replicas = bench.newReplicas(tuning)) {
      Ledgers ledgers = new Ledgers();
      Target target = Target.of(replicas, bench.bareKey(), Workbench.ZONE);
      try (LoadGenerator clients =
          new LoadGenerator(
              target.clients(IN_FLIGHT).patience(Duration.ZERO, PATIENCE),
              Workload.freshNames(Workbench.ZONE, bench.freshPrefix()),
              ledgers::record)) {
        clients.start();
        Thread.sleep(load);
        replicas.losePrimary();
        clients.stop(Duration.ofSeconds(1));
      }
      BareNamed promoted = replicas.promote();
      Target next = Target.of(promoted, bench.bareKey(), Workbench.ZONE);
      writeOne(next, Workload.freshNames(Workbench.ZONE, bench.freshPrefix()), ledgers);
      int missing = Acknowledged.missingAt(promoted.dns(), bench.bareKey(), ledgers).size();
      return new Loss(ledgers.acknowledged(), missing);
    }
  }

  /** Waits until an update is acknowledged: then it is a primary. */
  private static void writeOne(Target target, Workload workload, Ledgers ledgers)
      throws IOException, InterruptedException {
    Outage.during(target.clients(1), 1, 1, workload, ledgers, () -> {});
  }

  /** Looked for at those that are left, and, when it is back, at the one that lost its disk. */
  private static Loss ofCluster(Workbench bench, Duration load)
      throws IOException, InterruptedException {
    LocalCluster cluster = bench.newCluster(1);
    TsigKey key = cluster.key();
    ClusterStatus status = cluster.awaitWhole();
    ClusterStatus.Member leader = status.leading().orElseThrow();
    Ledgers ledgers = new Ledgers();
    Outage.during(
        Target.everyPrimary(status, key, Workbench.ZONE)
            .clients(IN_FLIGHT)
            .patience(Duration.ZERO, PATIENCE)
            .movingOn(),
        IN_FLIGHT,
        ACKNOWLEDGED_AFTER,
        Workload.freshNames(Workbench.ZONE, bench.freshPrefix()),
        ledgers,
        () -> {
          Thread.sleep(load);
          LeaderCrash.kill(leader.agentPid());
          LeaderCrash.kill(leader.namedPid());
          cluster.wipe(leader.name());
        });
    ClusterStatus after =
        cluster.await(
            "another member leads",
            Duration.ofMinutes(1),
            now -> now.leader() != null && !now.leader().equals(leader.name()));
    Loss without =
        loss(
            key,
            after.members().stream()
                .filter(member -> after.inSync().contains(member.name()))
                .filter(member -> !member.name().equals(leader.name()))
                .toList(),
            ledgers);
    cluster.start(leader.name());
    Loss with = loss(key, cluster.awaitWhole().members(), ledgers);
    return with.missing() > without.missing() ? with : without;
  }

  /** The most that is missing at one of these members. */
  private static Loss loss(TsigKey key, List<ClusterStatus.Member> members, Ledgers ledgers)
      throws IOException, InterruptedException {
    long most = 0;
    for (ClusterStatus.Member member : members) {
      most = Math.max(most, Acknowledged.missingInTheEnd(member.dnsAddress(), key, ledgers).size());
    }
    return new Loss(ledgers.acknowledged(), most);
  }
}
