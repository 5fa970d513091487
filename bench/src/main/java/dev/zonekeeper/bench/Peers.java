package dev.zonekeeper.bench;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.bare.Peer;
import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledger;
import dev.zonekeeper.bench.load.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * 1 to 1,024 updates in flight at the leader of three primaries and, in turn, at single primaries:
 * BIND, Knot DNS and PowerDNS; in one zone and in 50. The names are few and rewritten, so that the
 * zone of the one that is faster does not become larger.
 */
final class Peers implements Benchmark {
  private static final List<Integer> IN_FLIGHT = List.of(1, 16, 64, 256, 1024);
  private static final List<Integer> ZONES = List.of(1, 50);
  private static final int NAMES = 256;
  private static final String OURS = "Zonekeeper";
  private static final String BARE = "bare BIND";
  private static final String REPLICATED = "BIND, 2 secondaries";

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
    List<Row> rows = new ArrayList<>();
    List<PeerRun> all = new ArrayList<>();
    for (int zones : ZONES) {
      rows.addAll(rows(bench, zones, all));
    }
    if (bench.settings().output().isPresent()) {
      write(new PeerFigures(all), bench.settings().output().get(), bench);
    }
    return rows;
  }

  private static void write(PeerFigures figures, Path folder, Workbench bench)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("peers.csv"), figures.csv());
    Files.writeString(folder.resolve("peers.md"), figures.markdown(Machine.described()));
    try {
      PeerPlots.write(figures, folder);
    } catch (LinkageError
        | InternalError
        | RuntimeException e) { // a Java without java.desktop, or without fonts
      bench.say("no plots: this Java cannot draw: " + e);
    }
    bench.say("figures and plots are in " + folder);
  }

  private static List<Row> rows(Workbench bench, int zones, List<PeerRun> all)
      throws IOException, InterruptedException {
    LocalCluster cluster = bench.cluster(3, 0, zones);
    ClusterStatus status = cluster.awaitWhole();
    Map<String, Contender> contenders = new LinkedHashMap<>();
    contenders.put(BARE, new Contender(bench.bare(zones)));
    contenders.put(OURS, new Contender(Target.leader(status, cluster.key(), Workbench.ZONE)));
    List<String> notes = new ArrayList<>();
    for (Peer peer : Peer.values()) {
      peer.whyNot().ifPresent(notes::add);
      if (peer.whyNot().isEmpty()) {
        contenders.put(peer.title(), new Contender(bench.peer(peer, zones)));
      }
    }
    if (zones == 1) {
      Target replicated =
          Target.of(bench.replicas(BareNamed.Tuning.DEFAULTS), bench.bareKey(), Workbench.ZONE);
      contenders.put(REPLICATED, new Contender(replicated));
    }
    notes.forEach(bench::say);

    List<Row> rows = new ArrayList<>();
    for (int inFlight : IN_FLIGHT) {
      rows.add(row(bench, zones, inFlight, contenders, all));
    }
    if (zones == 1) {
      notes.add(Acknowledged.check(cluster, contenders.get(OURS).ledger()));
      for (Map.Entry<String, Contender> single : contenders.entrySet()) {
        if (!single.getKey().equals(OURS)) {
          Contender contender = single.getValue();
          notes.add(Acknowledged.lookAt(single.getKey(), contender.target(), contender.ledger()));
        }
      }
    } else {
      notes.add("with %d zones nothing is looked for afterwards".formatted(zones));
    }
    rows.set(0, rows.getFirst().with(notes));
    return rows;
  }

  private static Row row(
      Workbench bench,
      int zones,
      int inFlight,
      Map<String, Contender> contenders,
      List<PeerRun> all)
      throws IOException, InterruptedException {
    Map<String, Workload> workloads = workloads(bench, zones, inFlight, contenders);
    round(bench, 0, zones, inFlight, contenders, workloads); // after it the names exist
    Map<String, List<LoadRun>> runs = new LinkedHashMap<>();
    for (int i = 1; i <= bench.settings().choose(1, 3); i++) {
      Map<String, LoadRun> round = round(bench, i, zones, inFlight, contenders, workloads);
      for (Map.Entry<String, LoadRun> run : round.entrySet()) {
        all.add(PeerRun.of(run.getKey(), zones, inFlight, i, run.getValue()));
      }
      round.forEach((title, run) -> runs.computeIfAbsent(title, k -> new ArrayList<>()).add(run));
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
        "%d in flight, %d zone(s)".formatted(inFlight, zones),
        cell(runs.get(OURS)),
        cell(runs.get(BARE)),
        peers,
        Figures.times(LoadRun.medianRatio(runs.get(OURS), runs.get(BARE))),
        "",
        Verdict.SEEN,
        notes);
  }

  /** Everybody once, in the same order each time; number 0 warms up and is half as long. */
  private static Map<String, LoadRun> round(
      Workbench bench,
      int number,
      int zones,
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
              Duration.ofMillis(bench.settings().choose(1_000, 2_000) / (number == 0 ? 2 : 1)),
              contender.target(),
              contender
                  .target()
                  .clients(inFlight)
                  .patience(Duration.ZERO, Duration.ofSeconds(bench.settings().choose(2, 4))),
              workloads.get(title),
              contender.ledger()::record);
      bench.say(
          "%s, %d zone(s), %d in flight, %s: %s, median %s, failures %s"
              .formatted(
                  number == 0 ? "warm-up" : "run " + number,
                  zones,
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
      Workbench bench, int zones, int inFlight, Map<String, Contender> contenders) {
    Map<String, Workload> workloads = new LinkedHashMap<>();
    String prefix = bench.freshPrefix();
    contenders
        .keySet()
        .forEach(title ->
            workloads.put(
                title,
                Workload.rewriting(
                    Workbench.zoneNames(zones), prefix, Math.max(1, NAMES / inFlight))));
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
