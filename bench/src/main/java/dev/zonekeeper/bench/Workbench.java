package dev.zonekeeper.bench;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.bare.BareReplicas;
import dev.zonekeeper.bench.bare.Peer;
import dev.zonekeeper.bench.bare.ServerProcess;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.cluster.ZonekeeperCommand;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.xbill.DNS.Name;

/**
 * The servers that benchmarks need, each started on first use and kept for the next one that wants
 * the same.
 */
final class Workbench implements AutoCloseable {
  /** The zone that is measured. */
  static final Name ZONE = Name.fromConstantString("example.com.");

  private static final int BARE_PORTS = 100;
  private static final int REPLICA_PORTS = 120;
  private static final int PEER_PORTS = 160;
  private static final int LOST_PORTS = 210;

  /** Members and zones of a cluster. */
  private record Shape(int primaries, int secondaries, int zones) {}

  private final BenchSettings settings;
  private final ZonekeeperCommand zonekeeper;
  private final PrintStream progress;
  private final TsigKey bareKey = TsigKey.generate("bench-update.", new SecureRandom());
  private final AtomicInteger folders = new AtomicInteger();
  private final AtomicInteger prefixes = new AtomicInteger();

  private LocalCluster cluster;
  private Shape shape;

  private record PeerShape(Peer peer, int zones) {}

  private final Map<PeerShape, ServerProcess> peers = new HashMap<>();
  private final Map<Integer, BareNamed> bareOfZones = new HashMap<>();
  private BareNamed bare;
  private BareReplicas replicas;
  private BareNamed.Tuning replicasTuning;

  Workbench(BenchSettings settings, ZonekeeperCommand zonekeeper, PrintStream progress) {
    this.settings = settings;
    this.zonekeeper = zonekeeper;
    this.progress = progress;
  }

  BenchSettings settings() {
    return settings;
  }

  /** Says what is going on. */
  void say(String sentence) {
    progress.println(sentence);
  }

  /** Letters that no other workload in this run uses. */
  String freshPrefix() {
    return "r" + prefixes.getAndIncrement();
  }

  /** A whole cluster with the zone {@link #ZONE}. */
  LocalCluster cluster(int primaries, int secondaries) throws IOException, InterruptedException {
    return cluster(primaries, secondaries, 1);
  }

  /** A whole cluster with so many zones: {@link #ZONE} and below it {@code z1}, {@code z2} ... */
  LocalCluster cluster(int primaries, int secondaries, int zones)
      throws IOException, InterruptedException {
    Shape wanted = new Shape(primaries, secondaries, zones);
    if (!wanted.equals(shape)) {
      closeCluster();
      say(
          "Starting a cluster of %d primaries, %d secondaries, %,d zone(s)"
              .formatted(primaries, secondaries, zones));
      cluster =
          LocalCluster.up(
              zonekeeper,
              newFolder("cluster"),
              settings.basePort(),
              primaries,
              secondaries,
              IntStream.range(0, zones).mapToObj(Workbench::zoneName).toList());
      shape = wanted;
    }
    return cluster;
  }

  /** Zone 0 is {@link #ZONE}. */
  static String zoneName(int number) {
    return number == 0 ? ZONE.toString(true) : "z" + number + "." + ZONE.toString(true);
  }

  /** A single {@code named} with its defaults. */
  Target bare() throws IOException, InterruptedException {
    if (bare == null) {
      bare =
          BareNamed.primary(
              newFolder("bare"),
              settings.basePort() + BARE_PORTS,
              ZONE,
              bareKey,
              BareNamed.Tuning.DEFAULTS);
    }
    return Target.of(bare, bareKey, ZONE);
  }

  /** Another {@code named} with its defaults, which no other benchmark has written to. */
  BareNamed emptyBare() throws IOException, InterruptedException {
    return BareNamed.primary(
        newFolder("bare"),
        settings.basePort() + BARE_PORTS + 10,
        ZONE,
        bareKey,
        BareNamed.Tuning.DEFAULTS);
  }

  /** A {@code named} with its defaults that starts with this zone. */
  BareNamed bareWith(Name zone, String zoneFile) throws IOException, InterruptedException {
    return BareNamed.primary(
        newFolder("bare"), settings.basePort() + BARE_PORTS + 10, zone, bareKey, zoneFile);
  }

  /** A cluster of three primaries that nobody has used yet; see {@link #cluster(int, int, int)}. */
  LocalCluster newCluster(int zones) throws IOException, InterruptedException {
    closeCluster();
    return cluster(3, 0, zones);
  }

  /** {@link #bare()} with so many zones, called as those of a cluster. */
  Target bare(int zones) throws IOException, InterruptedException {
    if (zones == 1) {
      return bare();
    }
    BareNamed named = bareOfZones.get(zones);
    if (named == null) {
      named =
          BareNamed.primary(
              newFolder("bare"), settings.basePort() + BARE_PORTS, zoneNames(zones), bareKey);
      bareOfZones.put(zones, named);
    }
    return Target.of(named, bareKey, ZONE);
  }

  /** {@link #zoneName} of the first so many. */
  static List<Name> zoneNames(int zones) {
    return IntStream.range(0, zones)
        .mapToObj(number -> Name.fromConstantString(zoneName(number) + "."))
        .toList();
  }

  /** Another name server, which must be installed, as a single primary of so many zones. */
  Target peer(Peer peer, int zones) throws IOException, InterruptedException {
    PeerShape wanted = new PeerShape(peer, zones);
    ServerProcess server = peers.get(wanted);
    if (server == null) {
      server =
          peer.start(
              newFolder("peer"),
              settings.basePort() + PEER_PORTS + 10 * peers.size(),
              zoneNames(zones),
              bareKey);
      peers.put(wanted, server);
    }
    return Target.of(server, bareKey, ZONE);
  }

  /** A primary with two secondaries. */
  BareReplicas replicas(BareNamed.Tuning tuning) throws IOException, InterruptedException {
    if (replicasTuning != tuning) {
      closeReplicas();
      replicas =
          BareReplicas.start(
              newFolder("replicas"), settings.basePort() + REPLICA_PORTS, ZONE, bareKey, tuning, 2);
      replicasTuning = tuning;
    }
    return replicas;
  }

  /** A primary with two secondaries that nobody has used yet; the caller closes it. */
  BareReplicas newReplicas(BareNamed.Tuning tuning) throws IOException, InterruptedException {
    return BareReplicas.start(
        newFolder("replicas"), settings.basePort() + LOST_PORTS, ZONE, bareKey, tuning, 2);
  }

  /** The key of {@link #bare()}, {@link #peer} and {@link #replicas}. */
  TsigKey bareKey() {
    return bareKey;
  }

  private Path newFolder(String what) throws IOException {
    Files.createDirectories(settings.folder());
    return settings.folder().resolve(what + "-" + folders.getAndIncrement());
  }

  private void closeCluster() throws IOException {
    if (cluster != null) {
      LocalCluster old = cluster;
      cluster = null;
      shape = null;
      old.close();
    }
  }

  private void closeReplicas() {
    if (replicas != null) {
      replicas.close();
      replicas = null;
      replicasTuning = null;
    }
  }

  /** Ends every process and deletes the folder. */
  @Override
  public void close() throws IOException {
    if (bare != null) {
      bare.close();
    }
    bareOfZones.values().forEach(BareNamed::close);
    peers.values().forEach(ServerProcess::close);
    closeReplicas();
    closeCluster();
    if (Files.exists(settings.folder())) {
      List<Path> all;
      try (Stream<Path> tree = Files.walk(settings.folder())) {
        all = tree.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : all) {
        Files.deleteIfExists(path);
      }
    }
  }
}
