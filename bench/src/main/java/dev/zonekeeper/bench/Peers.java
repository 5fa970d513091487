package dev.zonekeeper.bench;

import dev.zonekeeper.bench.bare.Peer;
import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledger;
import dev.zonekeeper.bench.load.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * 1 to 256 updates in flight at the leader of three primaries and, in turn, at single primaries:
 * BIND, Knot DNS and PowerDNS. The names are few and rewritten, so that the zone of the one that is
 * faster does not become larger.
 */
final class Peers implements Benchmark {
  private static final List<Integer> IN_FLIGHT = List.of(1, 16, 64, 256);
  private static final int NAMES = 256;
  private static final String OURS = "Zonekeeper";
  private static final String BARE = "bare BIND";

  /** A server, and what clients were told by it. */
  private record Contender(Target target, Ledger ledger) {
    Contender(Target target) {
      this(target, new Ledger());
    }
  }

  @Override
  public String id() {
    return "peers";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    LocalCluster cluster = bench.cluster(3, 0);
    ClusterStatus status = cluster.awaitWhole();
    Map<String, Contender> contenders = new LinkedHashMap<>();
    contenders.put(BARE, new Contender(bench.bare()));
    contenders.put(OURS, new Contender(Target.leader(status, cluster.key(), Workbench.ZONE)));
    List<String> notes = new ArrayList<>();
    for (Peer peer : Peer.values()) {
      peer.whyNot().ifPresent(notes::add);
      if (peer.whyNot().isEmpty()) {
        contenders.put(peer.title(), new Contender(bench.peer(peer)));
      }
    }
    notes.forEach(bench::say);

    List<Row> rows = new ArrayList<>();
    for (int inFlight : IN_FLIGHT) {
      rows.add(row(bench, inFlight, contenders));
    }
    notes.add(Acknowledged.check(cluster, contenders.get(OURS).ledger()));
    for (Map.Entry<String, Contender> single : contenders.entrySet()) {
      if (!single.getKey().equals(OURS)) {
        Contender contender = single.getValue();
        notes.add(Acknowledged.lookAt(single.getKey(), contender.target(), contender.ledger()));
      }
    }
    rows.set(0, rows.getFirst().with(notes));
    return rows;
  }

  private static Row row(Workbench bench, int inFlight, Map<String, Contender> contenders)
      throws IOException, InterruptedException {
    Map<String, Workload> workloads = workloads(bench, inFlight, contenders);
    round(bench, "warm-up", inFlight, contenders, workloads); // after it the names exist
    Map<String, List<LoadRun>> runs = new LinkedHashMap<>();
    for (int i = 1; i <= bench.settings().choose(3, 5); i++) {
      round(bench, "run " + i, inFlight, contenders, workloads)
          .forEach((title, run) -> runs.computeIfAbsent(title, k -> new ArrayList<>()).add(run));
    }
    Map<String, String> peers = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    runs.forEach((title, list) -> {
      if (!title.equals(OURS) && !title.equals(BARE)) {
        peers.put(title, cell(list));
      }
      notes.add("%s: p99 %s, failures %s".formatted(title, tail(list), failures(list)));
      if (bench.settings().cpu()) {
        notes.add(
            "processor µs per update, %s: %s"
                .formatted(title, ProcessorTime.shown(list.getLast().micros())));
      }
    });
    return new Row(
        "%d in flight, rewriting".formatted(inFlight),
        cell(runs.get(OURS)),
        cell(runs.get(BARE)),
        peers,
        Figures.times(LoadRun.medianRatio(runs.get(OURS), runs.get(BARE))),
        "",
        Verdict.SEEN,
        notes);
  }

  /** Everybody once, in the same order each time. */
  private static Map<String, LoadRun> round(
      Workbench bench,
      String called,
      int inFlight,
      Map<String, Contender> contenders,
      Map<String, Workload> workloads)
      throws IOException, InterruptedException {
    Map<String, LoadRun> runs = new LinkedHashMap<>();
    for (Map.Entry<String, Contender> entry : contenders.entrySet()) {
      String title = entry.getKey();
      Contender contender = entry.getValue();
      LoadRun run =
          LoadRun.lasting(
              Duration.ofSeconds(bench.settings().choose(2, 5)),
              contender.target(),
              contender.target().clients(inFlight),
              workloads.get(title),
              contender.ledger()::record);
      bench.say(
          "%s, %d in flight, %s: %s, median %s, failures %s"
              .formatted(
                  called,
                  inFlight,
                  title,
                  Figures.perSecond(run.perSecond()),
                  Figures.millis(run.medianMillis()),
                  run.tally().failures()));
      runs.put(title, run);
    }
    return runs;
  }

  /** One for each; it goes on from round to round, so no value comes twice. */
  private static Map<String, Workload> workloads(
      Workbench bench, int inFlight, Map<String, Contender> contenders) {
    Map<String, Workload> workloads = new LinkedHashMap<>();
    String prefix = bench.freshPrefix();
    contenders
        .keySet()
        .forEach(title ->
            workloads.put(title, Workload.rewriting(Workbench.ZONE, prefix, NAMES / inFlight)));
    return workloads;
  }

  private static String cell(List<LoadRun> runs) {
    return "%s, %s"
        .formatted(
            Figures.perSecond(Figures.median(runs.stream().map(LoadRun::perSecond).toList())),
            Figures.millis(Figures.median(runs.stream().map(LoadRun::medianMillis).toList())));
  }

  private static String tail(List<LoadRun> runs) {
    return Figures.millis(
        Figures.median(runs.stream().map(run -> run.tally().latencies().millis(99)).toList()));
  }

  private static List<Map<String, Long>> failures(List<LoadRun> runs) {
    return runs.stream().map(run -> run.tally().failures()).filter(f -> !f.isEmpty()).toList();
  }
}
