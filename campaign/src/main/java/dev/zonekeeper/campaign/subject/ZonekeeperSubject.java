package dev.zonekeeper.campaign.subject;

import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.fault.Injection;
import dev.zonekeeper.campaign.fault.Subject;
import dev.zonekeeper.campaign.load.Branch;
import dev.zonekeeper.campaign.load.Server;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.xbill.DNS.Name;

/** A Zonekeeper cluster. */
public final class ZonekeeperSubject implements Subject {
  private static final Duration WHOLE = Duration.ofSeconds(90);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final Cluster cluster;
  private final MemberFaults faults;
  private final List<Name> zones;
  private final List<Server> primaries = new ArrayList<>();
  private final List<Server> secondaries = new ArrayList<>();

  private ZonekeeperSubject(Cluster cluster, List<Name> zones)
      throws IOException, InterruptedException {
    this.cluster = cluster;
    this.faults = new MemberFaults(cluster);
    this.zones = zones;
    for (Member member : cluster.members()) {
      (member.primary() ? primaries : secondaries).add(member.server());
    }
  }

  /**
   * Makes a cluster and starts it.
   *
   * @param zonekeeper the launcher
   * @param folder for all it needs; must be there
   * @param namespaces whether each member gets a network and a disk of its own. Then this process
   *     must be in namespaces that nobody else uses
   * @throws IOException if it cannot be started, with the reason
   */
  public static ZonekeeperSubject up(
      Path zonekeeper, Path folder, int basePort, List<Name> zones, boolean namespaces)
      throws IOException, InterruptedException {
    Optional<Network> network = namespaces ? Optional.of(Network.make()) : Optional.empty();
    ZonekeeperSubject subject =
        new ZonekeeperSubject(
            Cluster.up(zonekeeper, folder, basePort, zones, network), List.copyOf(zones));
    subject.awaitWhole();
    return subject;
  }

  @Override
  public String inWords() {
    return "Zonekeeper, %d primaries and %d secondaries, %s"
        .formatted(
            primaries.size(),
            secondaries.size(),
            cluster.network().isPresent() ? "each in a network of its own" : "on loopback");
  }

  @Override
  public List<Branch> branches() {
    return zones.stream().map(Branch::of).toList();
  }

  @Override
  public List<TsigKey> keys() {
    return cluster.keys();
  }

  @Override
  public List<Server> forUpdates() {
    return List.copyOf(primaries);
  }

  @Override
  public List<Server> forCurrentReads() {
    return List.copyOf(primaries);
  }

  @Override
  public List<Server> forPastReads() {
    return List.copyOf(secondaries);
  }

  @Override
  public boolean knows(FaultKind kind) {
    if (kind == FaultKind.DELAY) {
      return cluster.network().map(Network::delays).orElse(false);
    }
    if (kind == FaultKind.SLOW_DISK) {
      return faults.slowsDisks();
    }
    return kind.isOf(FaultKind.Place.LOCAL)
        && (cluster.network().isPresent() || !kind.needsNamespaces());
  }

  @Override
  public Optional<Injection> inject(FaultKind kind, RandomGenerator random)
      throws IOException, InterruptedException {
    return faults.inject(kind, random);
  }

  @Override
  public void repair() throws IOException, InterruptedException {
    cluster.startAll();
  }

  @Override
  public Optional<String> missing() {
    return cluster.missing();
  }

  /** Every primary while it leads, then every secondary. */
  @Override
  public void show(Look look) throws IOException, InterruptedException {
    for (Member member : cluster.primaries()) {
      awaitWhole();
      if (!member.leads()) {
        cluster.switchover(Optional.of(member));
      }
      awaitWhole();
      look.at(member.server());
    }
    for (Server secondary : secondaries) {
      look.at(secondary);
    }
  }

  private void awaitWhole() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + WHOLE.toNanos();
    while (true) {
      Optional<String> missing = missing();
      if (missing.isEmpty()) {
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "the cluster is not whole after %d s: %s".formatted(WHOLE.toSeconds(), missing.get()));
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  @Override
  public void close() throws IOException {
    cluster.down();
  }
}
