package dev.zonekeeper.bench;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Name;

/**
 * What larger zones and more zones cost: time until they are in sync, takeover under one writer,
 * and memory. A new cluster for each size.
 */
final class Sizes implements Benchmark {
  private static final List<Integer> RECORDS = List.of(1_000, 100_000);

  /** Takes minutes, so a quick run leaves it out. */
  private static final int MOST_RECORDS = 1_000_000;

  private static final List<Integer> ZONES = List.of(1, 100);
  private static final Name SIZED = Name.fromConstantString("sized.example.");

  @Override
  public String id() {
    return "sizes";
  }

  @Override
  public String inOneLine() {
    return "what 1,000 to 1,000,000 records and 100 zones cost";
  }

  @Override
  public List<Row> run(Workbench bench) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (int records : RECORDS) {
      rows.addAll(ofRecords(bench, records));
    }
    if (!bench.settings().quick()) {
      rows.addAll(ofRecords(bench, MOST_RECORDS));
    }
    for (int zones : ZONES) {
      long start = System.nanoTime();
      LocalCluster cluster = bench.newCluster(zones);
      double seconds = secondsSince(start);
      String what = "%,d zone(s)".formatted(zones);
      rows.addAll(measured(bench, cluster, Workbench.ZONE, what, seconds, "", ""));
    }
    return rows;
  }

  private static List<Row> ofRecords(Workbench bench, int records)
      throws IOException, InterruptedException {
    String text = zoneFile(records);
    double bareSeconds;
    double bareMegabytes;
    long start = System.nanoTime();
    try (BareNamed named = bench.bareWith(SIZED, text)) {
      bareSeconds = secondsSince(start);
      bareMegabytes = ProcessorTime.residentMegabytes(named.pid());
    }
    LocalCluster cluster = bench.newCluster(1);
    Path file = Files.createTempFile("zonekeeper-bench-", ".zone");
    double seconds;
    try {
      Files.writeString(file, text);
      start = System.nanoTime();
      cluster.addZone(SIZED.toString(true), file);
      cluster.awaitWhole();
      seconds = secondsSince(start);
    } finally {
      Files.deleteIfExists(file);
    }
    return measured(
        bench,
        cluster,
        SIZED,
        "%,d records".formatted(records),
        seconds,
        "%.1f s".formatted(bareSeconds),
        "named %.0f MB".formatted(bareMegabytes));
  }

  private static List<Row> measured(
      Workbench bench,
      LocalCluster cluster,
      Name zone,
      String what,
      double seconds,
      String bareStart,
      String bareMemory)
      throws IOException, InterruptedException {
    ClusterStatus.Member first = cluster.awaitWhole().leading().orElseThrow();
    String memory =
        "agent %.0f MB, named %.0f MB"
            .formatted(
                ProcessorTime.residentMegabytes(first.agentPid()),
                ProcessorTime.residentMegabytes(first.namedPid()));
    bench.say("%s: in sync after %.1f s; %s".formatted(what, seconds, memory));
    Ledgers ledgers = new Ledgers();
    List<Double> gaps = takeovers(bench, cluster, zone, what, ledgers);
    String found = Acknowledged.check(cluster, ledgers);
    return List.of(
        seen(what + ": in sync at all three", "%.1f s".formatted(seconds), bareStart, List.of()),
        seen(
            what + ": takeover, median of " + gaps.size(),
            Figures.millis(Figures.median(gaps)),
            "for ever",
            List.of(LeaderCrash.spread(gaps), found)),
        seen(what + ": resident memory at the leader", memory, bareMemory, List.of()));
  }

  private static List<Double> takeovers(
      Workbench bench, LocalCluster cluster, Name zone, String what, Ledgers ledgers)
      throws IOException, InterruptedException {
    List<Double> gaps = new ArrayList<>();
    for (int i = 0; i < bench.settings().choose(1, 3); i++) {
      ClusterStatus status = cluster.awaitWhole();
      ClusterStatus.Member leader = status.leading().orElseThrow();
      Outage outage =
          Outage.ofOneWriter(
              Target.standbys(status, cluster.key(), zone),
              Workload.rewriting(zone, "outage", 100),
              ledgers,
              () -> LeaderCrash.kill(leader.agentPid()));
      gaps.add(outage.longestGapMillis());
      bench.say(
          "%s, kill %d: %s without an acknowledgement; failures %s"
              .formatted(
                  what,
                  i + 1,
                  Figures.millis(outage.longestGapMillis()),
                  outage.tally().failures()));
      cluster.start(leader.name());
    }
    return gaps;
  }

  private static Row seen(String what, String ours, String bare, List<String> notes) {
    return new Row(what, ours, bare, "", "", Verdict.SEEN, notes);
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /** A zone with so many address records below its name. */
  static String zoneFile(int records) {
    StringBuilder text =
        new StringBuilder(
            """
            $TTL 300
            @ IN SOA ns hostmaster 1 3600 600 86400 60
            @ IN NS ns
            ns IN A 192.0.2.1
            """);
    for (int i = 0; i < records; i++) {
      text.append("host-").append(i).append(" IN A 192.0.2.").append(i % 256).append('\n');
    }
    return text.toString();
  }
}
