package dev.zonekeeper.bench;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.bare.BareReplicas;
import dev.zonekeeper.bench.bare.Peer;
import dev.zonekeeper.bench.bare.SerialWatch;
import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private static final Duration FOLLOW = Duration.ofMinutes(2);

  /** A server, the secondaries that follow it, and what clients were told by it. */
  private record Contender(Target target, Optional<BareReplicas> replicas, Ledgers ledger) {
    Contender(Target target) {
      this(target, Optional.empty(), new Ledgers());
    }
  }

  /**
   * What one did in a round.
   *
   * @param heldPerSecond as in {@link PeerRun}
   */
  private record Lap(LoadRun run, double heldPerSecond) {}

  @Override
  public String id() {
    return "peers";
  }

  @Override
  public String inOneLine() {
    return "1 to 1,024 in flight, 1 and 50 zones, beside three other servers";
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
      BareReplicas replicas = bench.replicas(BareNamed.Tuning.DEFAULTS);
      contenders.put(
          REPLICATED,
          new Contender(
              Target.of(replicas, bench.bareKey(), Workbench.ZONE),
              Optional.of(replicas),
              new Ledgers()));
    }
    notes.forEach(bench::say);

    List<Row> rows = new ArrayList<>();
    for (int inFlight : IN_FLIGHT) {
      rows.add(row(bench, zones, inFlight, contenders, all));
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
    Map<String, List<Double>> held = new LinkedHashMap<>();
    for (int i = 1; i <= bench.settings().choose(1, 3); i++) {
      Map<String, Lap> round = round(bench, i, zones, inFlight, contenders, workloads);
      for (Map.Entry<String, Lap> entry : round.entrySet()) {
        String title = entry.getKey();
        Lap lap = entry.getValue();
        all.add(PeerRun.of(title, zones, inFlight, i, lap.run(), lap.heldPerSecond()));
        runs.computeIfAbsent(title, k -> new ArrayList<>()).add(lap.run());
        held.computeIfAbsent(title, k -> new ArrayList<>()).add(lap.heldPerSecond());
      }
    }
    Map<String, String> peers = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    runs.forEach((title, list) -> {
      if (!title.equals(OURS) && !title.equals(BARE)) {
        peers.put(title, cell(list) + until(held.get(title)));
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
  private static Map<String, Lap> round(
      Workbench bench,
      int number,
      int zones,
      int inFlight,
      Map<String, Contender> contenders,
      Map<String, Workload> workloads)
      throws IOException, InterruptedException {
    Map<String, Lap> laps = new LinkedHashMap<>();
    for (Map.Entry<String, Contender> entry : contenders.entrySet()) {
      String title = entry.getKey();
      Contender contender = entry.getValue();
      Lap lap = lap(bench, number, inFlight, contender, workloads.get(title));
      LoadRun run = lap.run();
      bench.say(
          "%s, %d zone(s), %d in flight, %s: %s, median %s, failures %s%s"
              .formatted(
                  number == 0 ? "warm-up" : "run " + number,
                  zones,
                  inFlight,
                  title,
                  Figures.perSecond(run.perSecond()),
                  Figures.millis(run.medianMillis()),
                  run.tally().failures(),
                  until(List.of(lap.heldPerSecond()))));
      laps.put(title, lap);
    }
    return laps;
  }

  private static Lap lap(
      Workbench bench, int number, int inFlight, Contender contender, Workload workload)
      throws IOException, InterruptedException {
    if (contender.replicas().isEmpty()) {
      return new Lap(load(bench, number, inFlight, contender, workload), Double.NaN);
    }
    BareReplicas replicas = contender.replicas().get();
    try (SerialWatch watch = new SerialWatch(replicas.secondaries())) {
      long start = System.nanoTime();
      LoadRun run = load(bench, number, inFlight, contender, workload);
      long all = watch.await(replicas.primary().serial(), FOLLOW);
      return new Lap(run, run.tally().acknowledged() * 1e9 / (all - start));
    }
  }

  private static LoadRun load(
      Workbench bench, int number, int inFlight, Contender contender, Workload workload)
      throws IOException, InterruptedException {
    return LoadRun.lasting(
        Duration.ofMillis(bench.settings().choose(1_000, 2_000) / (number == 0 ? 2 : 1)),
        contender.target(),
        contender
            .target()
            .clients(inFlight)
            .patience(Duration.ZERO, Duration.ofSeconds(bench.settings().choose(2, 4))),
        workload,
        contender.ledger()::record);
  }

  private static String until(List<Double> heldPerSecond) {
    double median = Figures.median(heldPerSecond);
    return Double.isNaN(median)
        ? ""
        : ", %s until all hold it".formatted(Figures.perSecond(median));
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
