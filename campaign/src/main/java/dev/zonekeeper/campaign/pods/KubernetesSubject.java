package dev.zonekeeper.campaign.pods;

import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.fault.Injection;
import dev.zonekeeper.campaign.fault.Subject;
import dev.zonekeeper.campaign.load.Branch;
import dev.zonekeeper.campaign.load.OwnNames;
import dev.zonekeeper.campaign.load.Server;
import dev.zonekeeper.campaign.load.ServerWatch;
import dev.zonekeeper.dns.TsigKey;
import dev.zonekeeper.kubernetes.RemoteCluster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.xbill.DNS.Name;

/**
 * A cluster on Kubernetes that others may use, too: only names of the campaign's own branches are
 * written, and they are deleted in the end.
 */
public final class KubernetesSubject implements Subject {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration WHOLE = Duration.ofMinutes(4);
  private static final int TRIES = 5;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  private final RemoteCluster cluster;
  private final Wholeness wholeness;
  private final PodWatch watch;
  private final PodLogs logs;
  private final PodFaults faults;
  private final List<Branch> branches;
  private final List<TsigKey> keys;
  private final List<Server> primaries;
  private final List<Server> secondaries;
  private final List<Server> forUpdates;
  private final boolean throughService;
  private volatile boolean namesStay;
  private final AtomicBoolean closing = new AtomicBoolean();

  private KubernetesSubject(
      RemoteCluster cluster, List<Branch> branches, List<TsigKey> keys, Path folder)
      throws IOException {
    RemoteCluster.Shape shape = cluster.shape();
    this.cluster = cluster;
    this.branches = List.copyOf(branches);
    this.keys = List.copyOf(keys);
    this.wholeness = Wholeness.of(cluster.name(), shape);
    this.watch = new PodWatch(cluster);
    this.logs = new PodLogs(cluster.handling(), folder);
    this.faults = new PodFaults(cluster, shape, watch, logs);
    this.primaries = wholeness.primaries().stream().map(watch::server).toList();
    this.secondaries = wholeness.secondaries().stream().map(watch::server).toList();
    InetSocketAddress service = cluster.forUpdates();
    Server rw = Server.at(cluster.name() + "-rw", service);
    this.throughService = serves(rw);
    this.forUpdates = throughService ? List.of(rw) : primaries;
  }

  /**
   * Looks whether a campaign can be made of it.
   *
   * @param cluster is closed with the subject
   * @param branches where names may be written; what is there is deleted
   * @param keys that may write there, and transfer the zones
   * @param folder for the pods' logs; must be there
   * @throws IOException it is not whole, a pod is not reached from here, or a key may not do that
   */
  public static KubernetesSubject of(
      RemoteCluster cluster, List<Branch> branches, List<TsigKey> keys, Path folder)
      throws IOException, InterruptedException {
    KubernetesSubject subject = new KubernetesSubject(cluster, branches, keys, folder);
    try {
      subject.check();
      return subject;
    } catch (IOException | InterruptedException | RuntimeException e) {
      subject.watch.close();
      throw e;
    }
  }

  private void check() throws IOException, InterruptedException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(
          "the cluster is not whole, so faults would be blamed for what was there before: "
              + missing.get());
    }
    for (Server server : Stream.concat(primaries.stream(), secondaries.stream()).toList()) {
      if (!serves(server)) {
        throw new IOException(
            "%s does not answer at %s; a campaign must be run where pods are reached by their"
                    .formatted(
                        server.name(),
                        server.address().get().map(Object::toString).orElse("any address"))
                + " addresses, such as in a pod: docs/campaign.md");
      }
    }
    ownNames().prepare();
  }

  private boolean serves(Server server) {
    return branches.stream()
        .map(Branch::zone)
        .allMatch(zone -> ServerWatch.serial(server, zone).isPresent());
  }

  private OwnNames ownNames() {
    return new OwnNames(branches, keys, forUpdates.getFirst());
  }

  @Override
  public String inWords() {
    return "%s, primaries: %d, secondaries: %d; updates through %s"
        .formatted(
            cluster.inWords(),
            primaries.size(),
            secondaries.size(),
            throughService
                ? "the Service"
                : "the pods, because the Service does not answer from here");
  }

  @Override
  public List<Branch> branches() {
    return branches;
  }

  @Override
  public List<TsigKey> keys() {
    return keys;
  }

  /**
   * Nowhere at the end, which may come while clients are at work: somebody stopped the campaign.
   */
  @Override
  public List<Server> forUpdates() {
    return closing.get() ? List.of(new Server("nowhere", Optional::empty)) : forUpdates;
  }

  @Override
  public List<Server> forCurrentReads() {
    return primaries;
  }

  @Override
  public List<Server> forPastReads() {
    return secondaries;
  }

  @Override
  public boolean knows(FaultKind kind) {
    return faults.knows(kind);
  }

  @Override
  public Optional<Injection> inject(FaultKind kind, RandomGenerator random)
      throws IOException, InterruptedException {
    return closing.get() ? Optional.empty() : faults.inject(kind, random);
  }

  @Override
  public void repair() throws IOException {
    faults.repair();
  }

  @Override
  public Duration patience() {
    return PATIENCE;
  }

  @Override
  public Optional<String> missing() {
    try {
      return wholeness.missing(watch.now(), cluster.leader(), cluster.inSync());
    } catch (IOException away) {
      return Optional.of(away.getMessage());
    }
  }

  /** Every primary while it leads, then every secondary. */
  @Override
  public void show(Look look) throws IOException, InterruptedException {
    for (Server primary : primaries) {
      haveLead(primary.name());
      look.at(primary);
    }
    for (Server secondary : secondaries) {
      look.at(secondary);
    }
  }

  /** A member that is slow to take the lead loses it to another one, and the wish is forgotten. */
  private void haveLead(String primary) throws IOException, InterruptedException {
    for (int tries = 0; tries < TRIES; tries++) {
      awaitWhole();
      if (cluster.leader().equals(Optional.of(primary))) {
        return;
      }
      faults.switchover(primary);
    }
    awaitWhole();
    if (!cluster.leader().equals(Optional.of(primary))) {
      throw new IOException(
          "%s was asked to lead %d times, and does not".formatted(primary, TRIES));
    }
  }

  private void awaitWhole() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + WHOLE.toNanos();
    for (Optional<String> missing = missing(); missing.isPresent(); missing = missing()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "the cluster is not whole after %d s: %s".formatted(WHOLE.toSeconds(), missing.get()));
      }
      faults.repair();
      Thread.sleep(LOOK_AGAIN);
    }
  }

  /** Leaves the campaign's names where they are: they are evidence. */
  public void leaveNames() {
    namesStay = true;
  }

  /** Keeps what the pods that are there now have said. */
  public void keepLogs() {
    logs.keep(watch.now());
  }

  /** The zones' names under which the campaign writes. */
  public static List<Branch> branches(List<Name> zones, long seed) {
    return zones.stream().map(zone -> OwnNames.branch(zone, seed)).toList();
  }

  @Override
  public void close() throws IOException {
    if (closing.getAndSet(true)) {
      return;
    }
    try {
      faults.letAllGoOn();
      if (!namesStay) {
        ownNames().delete();
      }
    } finally {
      watch.close();
      cluster.close();
    }
  }
}
