package dev.zonekeeper.campaign.pods;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.fault.Injection;
import dev.zonekeeper.kubernetes.PodHandling;
import dev.zonekeeper.kubernetes.RemoteCluster;
import dev.zonekeeper.kubernetes.RemotePod;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** How each kind of fault is done to pods, with nothing but the API. */
final class PodFaults {
  /** What a signal is sent to, for the shell in a container. */
  static final String NAMED = "$(cat /run/zonekeeper/named.pid)";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ROLLOUT = Duration.ofMinutes(5);
  private static final Duration HAND_OVER = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int LEADER_PERCENT = 45;
  private static final int PRIMARY_PERCENT = 35;
  private static final int ENOUGH_IN_SYNC = 2;

  /** Ends after a second, with a {@code named} that goes on, also when nobody waits for it. */
  private static final String PULSES =
      "p=%s; for i in 1 2 3 4 5 6 7; do kill -STOP $p; sleep 0.12; kill -CONT $p; sleep 0.03; done"
          .formatted(NAMED);

  private final RemoteCluster cluster;
  private final PodHandling pods;
  private final PodWatch watch;
  private final PodLogs logs;
  private final Revival revival;
  private final RemoteCluster.Shape shape;
  private final AtomicBoolean rolling = new AtomicBoolean();

  PodFaults(RemoteCluster cluster, RemoteCluster.Shape shape, PodWatch watch, PodLogs logs) {
    this.cluster = cluster;
    this.pods = cluster.handling();
    this.watch = watch;
    this.logs = logs;
    this.shape = shape;
    this.revival = new Revival(pods, watch);
  }

  /** Whether it can be done to this cluster without throwing away the last copy of something. */
  boolean knows(FaultKind kind) {
    return switch (kind) {
      case FORCE_ALL -> shape.volumes();
      case WIPE -> shape.minInSync() >= ENOUGH_IN_SYNC;
      case DELETE_POD, FORCE_POD, EVICT_POD, ROLLING_RESTART ->
          shape.volumes() || shape.minInSync() >= ENOUGH_IN_SYNC;
      default -> kind.isOf(FaultKind.Place.KUBERNETES);
    };
  }

  /** Does it; empty when it would go too far now. */
  Optional<Injection> inject(FaultKind kind, RandomGenerator random)
      throws IOException, InterruptedException {
    Optional<RemotePod> target = target(random);
    if (target.isEmpty()) {
      return Optional.empty();
    }
    RemotePod pod = target.get();
    return switch (kind) {
      case KILL_NAMED -> inContainer(pod, "kill -KILL " + NAMED, () -> {});
      case STOP_NAMED -> inContainer(pod, "kill -STOP " + NAMED, () -> goOn(pod));
      case SLOW_NAMED -> slow(pod);
      case TERMINATE -> inContainer(pod, "kill -TERM 1", () -> revival.await(pod));
      // The shell must be gone before its container is.
      case CRASH_AGENT ->
          inContainer(pod, "(sleep 0.2; kill -SEGV 1) >/dev/null 2>&1 &", () -> revival.await(pod));
      case DELETE_POD -> end(pod, () -> pods.delete(pod.name(), Optional.empty()));
      case FORCE_POD -> end(pod, () -> pods.delete(pod.name(), Optional.of(Duration.ZERO)));
      case EVICT_POD -> evict(pod);
      case FORCE_ALL -> forceAll();
      case WIPE -> wipe(pod);
      case ROLLING_RESTART -> restart(pod.primary());
      case DELETE_LEASE -> {
        pods.deleteLease();
        yield Optional.of(new Injection("the lease", () -> {}));
      }
      case SWITCHOVER -> switchover(random);
      default -> Optional.empty();
    };
  }

  private Optional<RemotePod> target(RandomGenerator random) {
    int draw = random.nextInt(100);
    List<RemotePod> leaders = watch.now().stream().filter(RemotePod::leads).toList();
    if (draw < LEADER_PERCENT && !leaders.isEmpty()) {
      return any(leaders, random);
    }
    boolean primary = draw < LEADER_PERCENT + PRIMARY_PERCENT || shape.secondaries() == 0;
    return any(watch.now().stream().filter(pod -> pod.primary() == primary).toList(), random);
  }

  private static Optional<RemotePod> any(List<RemotePod> some, RandomGenerator random) {
    int draw = random.nextInt(Math.max(1, some.size()));
    return some.isEmpty() ? Optional.empty() : Optional.of(some.get(draw));
  }

  private static String shown(RemotePod pod) {
    return pod.leads() ? pod.name() + " (leader)" : pod.name();
  }

  private Optional<Injection> inContainer(RemotePod pod, String script, Injection.Undo undo)
      throws IOException {
    if (!pod.ready() || pod.ending()) {
      return Optional.empty();
    }
    pods.run(pod.name(), script);
    return Optional.of(new Injection(shown(pod), undo));
  }

  /** A container that was started again has another process, which nobody stopped. */
  private void goOn(RemotePod stopped) throws IOException {
    if (watch.pod(stopped.name()).map(now -> sameContainer(now, stopped)).orElse(false)) {
      pods.run(stopped.name(), "kill -CONT " + NAMED);
    }
  }

  private static boolean sameContainer(RemotePod one, RemotePod other) {
    return one.uid().equals(other.uid()) && one.restarts() == other.restarts();
  }

  private Optional<Injection> slow(RemotePod pod) throws IOException {
    AtomicBoolean ended = new AtomicBoolean();
    Optional<Injection> injection =
        inContainer(
            pod,
            PULSES,
            () -> {
              ended.set(true);
              goOn(pod);
            });
    if (injection.isPresent()) {
      Thread.ofVirtual().start(() -> pulse(pod, ended));
    }
    return injection;
  }

  private void pulse(RemotePod pod, AtomicBoolean ended) {
    try {
      while (!ended.get()) {
        pods.run(pod.name(), PULSES);
      }
    } catch (IOException gone) {
      ended.set(true);
    }
  }

  /** Ends one. */
  @FunctionalInterface
  private interface Deed {
    void run() throws IOException;
  }

  /** Ends a pod; without volumes its data goes with it. */
  private Optional<Injection> end(RemotePod pod, Deed deed) throws IOException {
    if (!shape.volumes() && !mayLose(pod)) {
      return Optional.empty();
    }
    logs.keep(pod);
    deed.run();
    return Optional.of(new Injection(shown(pod), () -> revival.await(pod)));
  }

  private Optional<Injection> evict(RemotePod pod) throws IOException {
    AtomicBoolean evicted = new AtomicBoolean();
    Optional<Injection> injection = end(pod, () -> evicted.set(pods.evict(pod.name())));
    return injection.filter(_ -> evicted.get());
  }

  private Optional<Injection> forceAll() throws IOException {
    List<RemotePod> all = watch.now();
    logs.keep(all);
    for (RemotePod pod : all) {
      pods.delete(pod.name(), Optional.of(Duration.ZERO));
    }
    return Optional.of(
        new Injection(
            "all",
            () -> {
              for (RemotePod pod : all) {
                revival.await(pod);
              }
            }));
  }

  /**
   * Throws a member's data away, if another member surely has all that was acknowledged: one in the
   * in-sync set, and with the very disk that is.
   */
  private Optional<Injection> wipe(RemotePod pod) throws IOException {
    if (!mayLose(pod)) {
      return Optional.empty();
    }
    logs.keep(pod);
    if (shape.volumes()) {
      pods.deleteVolume(pod.name());
    }
    pods.delete(pod.name(), Optional.of(Duration.ZERO));
    return Optional.of(new Injection(shown(pod), () -> revival.await(pod)));
  }

  private boolean mayLose(RemotePod pod) throws IOException {
    if (rolling.get()) {
      return false;
    }
    Map<String, String> inSync = cluster.inSync();
    for (RemotePod other : cluster.pods()) {
      if (other.primary()
          && !other.name().equals(pod.name())
          && other.ready()
          && !other.ending()
          && inSync.containsKey(other.name())
          && inSync.get(other.name()).equals(incarnation(other))) {
        return true;
      }
    }
    return false;
  }

  private String incarnation(RemotePod pod) throws IOException {
    return JSON.readTree(pods.run(pod.name(), "cat /var/lib/named/member.json"))
        .path("incarnation")
        .asText();
  }

  private Optional<Injection> restart(boolean primary) throws IOException {
    if (!rolling.compareAndSet(false, true)) {
      return Optional.empty();
    }
    logs.keep(watch.now().stream().filter(pod -> pod.primary() == primary).toList());
    pods.restart(primary);
    return Optional.of(
        new Injection(
            primary ? "the primaries" : "the secondaries",
            () -> {
              try {
                awaitRollout(primary);
              } finally {
                rolling.set(false);
              }
            }));
  }

  private void awaitRollout(boolean primary) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + ROLLOUT.toNanos();
    while (!cluster.isRolledOut(primary)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "not all pods are restarted after %d s".formatted(ROLLOUT.toSeconds()));
      }
      revival.helpAll();
      Thread.sleep(LOOK_AGAIN);
    }
  }

  private Optional<Injection> switchover(RandomGenerator random)
      throws IOException, InterruptedException {
    Optional<String> leader = cluster.leader();
    List<String> others =
        cluster.inSync().keySet().stream()
            .filter(name -> !leader.equals(Optional.of(name)))
            .sorted()
            .toList();
    if (leader.isEmpty() || others.isEmpty()) {
      return Optional.empty();
    }
    String to = others.get(random.nextInt(others.size()));
    return switchover(to)
        ? Optional.of(new Injection("from %s to %s".formatted(leader.get(), to), () -> {}))
        : Optional.empty();
  }

  /**
   * Has another member lead.
   *
   * @return whether it does; a wish that did not come true in time is withdrawn
   */
  boolean switchover(String to) throws IOException, InterruptedException {
    pods.handOver(Optional.of(to));
    long deadline = System.nanoTime() + HAND_OVER.toNanos();
    while (!cluster.leader().equals(Optional.of(to))) {
      if (System.nanoTime() - deadline > 0) {
        pods.handOver(Optional.empty());
        return false;
      }
      Thread.sleep(LOOK_AGAIN);
    }
    return true;
  }

  /** Helps whoever does not come back by itself, and lets go on what was stopped. */
  void repair() throws IOException {
    revival.helpAll();
    for (RemotePod pod : watch.now()) {
      if (!pod.ready() && !pod.ending() && pod.waiting().isEmpty() && pod.scheduled()) {
        letGoOn(pod);
      }
    }
  }

  /** Lets every {@code named} go on, as far as it can be reached. */
  void letAllGoOn() {
    watch.now().forEach(this::letGoOn);
  }

  private void letGoOn(RemotePod pod) {
    try {
      pods.run(pod.name(), "kill -CONT " + NAMED);
    } catch (IOException nothingThere) {
      // What does not run was not stopped.
    }
  }
}
