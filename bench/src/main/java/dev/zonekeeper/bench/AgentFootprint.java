package dev.zonekeeper.bench;

import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What an agent costs: memory after load, and the time from its start until it is ready. */
final class AgentFootprint implements Benchmark {
  private static final double LIMIT_MEGABYTES = 160;
  private static final double LIMIT_MILLIS = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Override
  public String id() {
    return "footprint";
  }

  @Override
  public String inOneLine() {
    return "an agent's memory after load, and its start until it is ready";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    LocalCluster cluster = bench.cluster(3, 0);
    ClusterStatus status = cluster.awaitWhole();
    TsigKey key = cluster.key();
    Target every = Target.everyPrimary(status, key, Workbench.ZONE);
    LoadRun.lasting(
        Duration.ofSeconds(bench.settings().choose(5, 20)),
        every,
        every.clients(64),
        Workload.freshNames(Workbench.ZONE, bench.freshPrefix()),
        result -> {});
    List<Double> megabytes = new ArrayList<>();
    for (ClusterStatus.Member member : status.members()) {
      megabytes.add(ProcessorTime.residentMegabytes(member.agentPid()));
    }
    List<Double> starts = new ArrayList<>();
    for (int i = 0; i < bench.settings().choose(3, 7); i++) {
      starts.add(startToReady(cluster));
      bench.say("start %d: ready after %s".formatted(i + 1, Figures.millis(starts.getLast())));
    }
    double most = Figures.percentile(megabytes, 100);
    double start = Figures.median(starts);
    return List.of(
        new Row(
            "agent: resident memory after load, the largest",
            "%.0f MB".formatted(most),
            "",
            "",
            "<= %.0f MB".formatted(LIMIT_MEGABYTES),
            Verdict.of(most <= LIMIT_MEGABYTES),
            List.of()),
        new Row(
            "agent: process start to ready, median",
            Figures.millis(start),
            "",
            "",
            "<= " + Figures.millis(LIMIT_MILLIS),
            Verdict.of(start <= LIMIT_MILLIS),
            List.of(LeaderCrash.spread(starts) + " (a standby whose named starts as well)")));
  }

  private static double startToReady(LocalCluster cluster)
      throws IOException, InterruptedException {
    ClusterStatus status = cluster.awaitWhole();
    ClusterStatus.Member standby =
        status.primaries().stream()
            .filter(member -> !member.name().equals(status.leader()))
            .findFirst()
            .orElseThrow();
    LeaderCrash.kill(standby.agentPid());
    LeaderCrash.kill(standby.namedPid());
    URI ready = URI.create("http://" + standby.http() + "/readyz");
    FutureTask<Instant> whenReady = new FutureTask<>(() -> awaitReady(ready));
    Thread.startVirtualThread(whenReady);
    cluster.start(standby.name());
    try {
      Instant at = whenReady.get();
      Instant started =
          ProcessHandle.of(cluster.status().member(standby.name()).agentPid())
              .flatMap(process -> process.info().startInstant())
              .orElseThrow(() -> new IOException("no start time of " + standby.name()));
      return Duration.between(started, at).toNanos() / 1e6;
    } catch (ExecutionException e) {
      throw new IOException(standby.name() + " did not become ready", e.getCause());
    }
  }

  private static Instant awaitReady(URI uri) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      try {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(500);
        connection.setReadTimeout(500);
        if (connection.getResponseCode() == 200) {
          return Instant.now();
        }
      } catch (IOException notYet) {
        Thread.sleep(Duration.ofMillis(5));
        continue;
      }
      Thread.sleep(Duration.ofMillis(5));
    }
    throw new IOException(uri + " was not 200 within " + PATIENCE.toSeconds() + " s");
  }
}
