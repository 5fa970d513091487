package dev.zonekeeper.bench;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.bare.BareReplicas;
import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Change;
import dev.zonekeeper.bench.load.LoadGenerator;
import dev.zonekeeper.bench.load.Result;
import dev.zonekeeper.bench.load.Samples;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** From the acknowledgement of an update until both secondaries answer with it. */
final class Visibility implements Benchmark {
  private static final double LIMIT_MILLIS = 50;
  private static final int BUSY_CLIENTS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public String id() {
    return "visible";
  }

  @Override
  public String inOneLine() {
    return "from an acknowledgement until both secondaries answer with it";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    LocalCluster cluster = bench.cluster(3, 2);
    ClusterStatus status = cluster.awaitWhole();
    TsigKey key = cluster.key();
    Target leader = Target.leader(status, key, Workbench.ZONE);
    List<InetSocketAddress> secondaries =
        status.secondaries().stream().map(ClusterStatus.Member::dnsAddress).toList();
    int samples = bench.settings().choose(100, 400);

    measure(bench, leader, secondaries, samples / 4);
    Samples quiet = measure(bench, leader, secondaries, samples);
    Samples busy;
    try (LoadGenerator load =
        new LoadGenerator(
            leader.clients(BUSY_CLIENTS),
            Workload.freshNames(Workbench.ZONE, bench.freshPrefix()),
            result -> {})) {
      load.start();
      busy = measure(bench, leader, secondaries, samples);
    }
    BareReplicas replicas = bench.replicas(BareNamed.Tuning.DEFAULTS);
    Samples bare =
        measure(
            bench,
            Target.of(replicas, bench.bareKey(), Workbench.ZONE),
            replicas.secondaries().stream().map(BareNamed::dns).toList(),
            bench.settings().choose(5, 20));
    return List.of(
        row("acknowledged to visible at both secondaries, p99", quiet, bare, true),
        row("the same with %d other clients, p99".formatted(BUSY_CLIENTS), busy, bare, false));
  }

  private static Row row(String what, Samples ours, Samples bare, boolean limited) {
    double millis = ours.millis(99);
    return new Row(
        what,
        Figures.millis(millis),
        Figures.millis(bare.millis(99)),
        "",
        limited ? "<= " + Figures.millis(LIMIT_MILLIS) : "",
        limited ? Verdict.of(millis <= LIMIT_MILLIS) : Verdict.SEEN,
        List.of(
            "median %s, longest %s; BIND's median %s (%d samples)"
                .formatted(
                    Figures.millis(ours.millis(50)),
                    Figures.millis(ours.millis(100)),
                    Figures.millis(bare.millis(50)),
                    bare.count())));
  }

  private static Samples measure(
      Workbench bench, Target target, List<InetSocketAddress> secondaries, int samples)
      throws IOException, InterruptedException {
    Samples visible = new Samples();
    Workload names = Workload.freshNames(Workbench.ZONE, bench.freshPrefix());
    for (int i = 0; i < samples; i++) {
      Change change = names.next(0).orElseThrow();
      Result result = acknowledged(target, change);
      long last = result.endNanos();
      try (TextProbe probe = new TextProbe(secondaries, change.name(), change.value())) {
        last = Math.max(last, probe.await(PATIENCE));
      }
      visible.add(last - result.endNanos());
    }
    return visible;
  }

  private static Result acknowledged(Target target, Change change)
      throws IOException, InterruptedException {
    BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    try (LoadGenerator one =
        new LoadGenerator(target.clients(1), Workload.of(List.of(change)), results::add)) {
      one.start();
      Result result = results.take();
      if (!result.outcome().acknowledged()) {
        throw new IOException(change + " was not acknowledged: " + result.outcome());
      }
      return result;
    }
  }
}
