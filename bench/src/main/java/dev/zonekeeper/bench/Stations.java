package dev.zonekeeper.bench;

import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where an update's time goes: in the leader's queue, at its named, until what changed is read, and
 * until the others have confirmed. Means, so that they add up.
 */
final class Stations implements Benchmark {
  private static final List<String> STATIONS = List.of("queue", "named", "read", "confirm");

  @Override
  public String id() {
    return "stations";
  }

  @Override
  public String inOneLine() {
    return "where an update's time goes: queue, named, read, confirm";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (int zones : List.of(1, 50)) {
      LocalCluster cluster = bench.cluster(3, 0, zones);
      Target bare = bench.bare(zones);
      for (int clients : zones == 1 ? List.of(1, 64) : List.of(64)) {
        rows.add(row(bench, cluster, bare, zones, clients));
      }
    }
    return rows;
  }

  private static Row row(Workbench bench, LocalCluster cluster, Target bare, int zones, int clients)
      throws IOException, InterruptedException {
    ClusterStatus status = cluster.awaitWhole();
    Target leader = Target.leader(status, cluster.key(), Workbench.ZONE);
    load(bench, leader, zones, clients); // warms up
    LoadRun bareRun = load(bench, bare, zones, clients);
    Map<String, AgentMetrics> before = metrics(status);
    LoadRun run = load(bench, leader, zones, clients);
    Map<String, AgentMetrics> after = metrics(status);
    return new Row(
        "%d client(s), %d zone(s): mean".formatted(clients, zones),
        Figures.millis(mean(run, clients)),
        Figures.millis(mean(bareRun, clients)),
        "",
        "",
        Verdict.SEEN,
        List.of(where(status, before, after, mean(run, clients))));
  }

  private static LoadRun load(Workbench bench, Target target, int zones, int clients)
      throws IOException, InterruptedException {
    return LoadRun.lasting(
        Duration.ofSeconds(bench.settings().choose(2, 10)),
        target,
        target.clients(clients),
        Workload.rewriting(Workbench.zoneNames(zones), bench.freshPrefix(), 1_024 / clients),
        result -> {});
  }

  /** Each client always has one update on its way. */
  private static double mean(LoadRun run, int clients) {
    return clients * 1_000 / run.perSecond();
  }

  private static Map<String, AgentMetrics> metrics(ClusterStatus status)
      throws IOException, InterruptedException {
    Map<String, AgentMetrics> all = new LinkedHashMap<>();
    for (ClusterStatus.Member member : status.primaries()) {
      all.put(member.name(), AgentMetrics.of(member.http()));
    }
    return all;
  }

  private static String where(
      ClusterStatus status,
      Map<String, AgentMetrics> before,
      Map<String, AgentMetrics> after,
      double whole) {
    List<String> parts = new ArrayList<>();
    double sum = 0;
    for (String station : STATIONS) {
      double millis =
          after
              .get(status.leader())
              .meanMillisSince(
                  before.get(status.leader()),
                  "zonekeeper_update_station_seconds",
                  "{station=\"%s\"}".formatted(station));
      parts.add("%s %s".formatted(station, Figures.millis(millis)));
      sum += millis;
    }
    parts.add("the way there and back " + Figures.millis(whole - sum));
    double slowest =
        after.keySet().stream()
            .filter(member -> !member.equals(status.leader()))
            .mapToDouble(member ->
                after
                    .get(member)
                    .meanMillisSince(before.get(member), "zonekeeper_confirm_seconds", ""))
            .max()
            .orElse(Double.NaN);
    return "%s; of confirm, %s until a standby holds it"
        .formatted(String.join(", ", parts), Figures.millis(slowest));
  }
}
