package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.home.MemberHome;
import dev.zonekeeper.agent.named.BadConfiguration;
import dev.zonekeeper.agent.named.ExitReason;
import dev.zonekeeper.agent.named.NameServer;
import dev.zonekeeper.agent.named.NamedFailure;
import dev.zonekeeper.agent.named.NamedHealth;
import dev.zonekeeper.agent.named.ZoneFiles;
import dev.zonekeeper.agent.named.ZoneRole;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * Keeps this member's named running, in the role and with the zones it shall have. A named that
 * died is started again, with longer and longer pauses; one that does not answer is killed first.
 */
final class NamedKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(NamedKeeper.class);
  private static final Duration PROBE_EVERY = Duration.ofMillis(250);
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(1);
  private static final Duration LEADER_GRACE = Duration.ofSeconds(1);
  private static final Duration FOLLOWER_GRACE = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration ZONES_LIMIT = Duration.ofSeconds(30);

  /** What others want to know of it. */
  interface Listener {
    /** named answers, or does not any more. */
    void health(boolean healthy);

    /** named runs again after it had ended, with the same configuration. */
    void restarted();

    /** named ended while a full transfer was not safe on the disk. */
    void dataLost();
  }

  private final NameServer server;
  private final ZoneFiles files;
  private final MemberHome home;
  private final NamedHealth probe;
  private final Listener listener;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile ZoneRole role = ZoneRole.SECONDARY;
  private volatile ClusterFile cluster;
  private volatile ZonePlan plan;
  private volatile boolean healthy;
  private volatile boolean stopping;

  NamedKeeper(
      NameServer server,
      ZoneFiles files,
      MemberHome home,
      NamedHealth probe,
      ClusterFile cluster,
      Listener listener) {
    this.server = server;
    this.files = files;
    this.home = home;
    this.probe = probe;
    this.cluster = cluster;
    this.plan = ZonePlan.of(cluster);
    this.listener = listener;
  }

  /** Starts named as a follower's. */
  void start() throws IOException, BadConfiguration, NamedFailure, InterruptedException {
    server.onExit(this::exited);
    server.apply(role, plan.serving());
    server.start();
    healthy = true;
    listener.health(true);
    prepareOtherRole();
  }

  /** Watches named until interrupted. */
  void watch() throws InterruptedException {
    while (!Thread.interrupted()) {
      Thread.sleep(PROBE_EVERY);
      if (!server.isRunning() || stopping) {
        continue;
      }
      switch (probe.probe(anyZone(), PROBE_LIMIT)) {
        case NamedHealth.Alive alive -> setHealthy(true);
        case NamedHealth.Silent silent -> {
          LOG.warn("named does not answer: {}", silent.why());
          setHealthy(false);
          killLater();
        }
      }
    }
  }

  boolean isHealthy() {
    return healthy;
  }

  ClusterFile cluster() {
    return cluster;
  }

  Set<Name> zones() {
    return plan.names();
  }

  /** The zones of a cluster file that have no file here yet are started from their seeds. */
  Set<Name> seed(ClusterFile wanted) throws IOException {
    Set<Name> seeded = new HashSet<>();
    for (ClusterFile.Zone zone : wanted.zones()) {
      if (zone.seed().isPresent() && files.seed(zone.name(), zone.seed().get())) {
        LOG.info("zone {} begins from {}", zone.name(), zone.seed().get());
        seeded.add(zone.name());
      }
    }
    if (!seeded.isEmpty()) {
      files.force();
    }
    return seeded;
  }

  /** Turns all zones, and returns when they answer in the new role. */
  void become(ZoneRole newRole) throws IOException, BadConfiguration, InterruptedException {
    turn.lock();
    try {
      role = newRole;
      long begun = System.nanoTime();
      server.apply(newRole, plan.serving());
      long told = System.nanoTime();
      if (newRole == ZoneRole.PRIMARY) {
        awaitZones();
      }
      LOG.info(
          "named is {} for {} zone(s) now: told within {} ms, ready {} ms later",
          newRole.inWords(),
          plan.names().size(),
          (told - begun) / 1_000_000,
          (System.nanoTime() - told) / 1_000_000);
    } finally {
      turn.unlock();
    }
  }

  private void awaitZones() throws IOException, InterruptedException {
    Set<Name> missing = server.zonesReady(ZoneRole.PRIMARY, plan.names(), ZONES_LIMIT);
    if (!missing.isEmpty()) {
      throw new IOException("named does not take updates for " + missing);
    }
  }

  /**
   * Takes over a changed cluster file.
   *
   * @return whether any of it concerns named: not when only members have moved
   */
  boolean configure(ClusterFile wanted) throws IOException, BadConfiguration, InterruptedException {
    turn.lock();
    try {
      ZonePlan next = ZonePlan.of(wanted);
      if (next.equals(plan)) {
        cluster = wanted;
        return false;
      }
      Set<Name> gone = new HashSet<>(plan.names());
      gone.removeAll(next.names());
      server.apply(role, next.serving());
      cluster = wanted;
      plan = next;
      for (Name zone : gone) {
        files.quarantine(zone, "the zone was removed from the cluster");
        home.markers().remove(zone);
      }
      if (role == ZoneRole.PRIMARY) {
        awaitZones();
      }
      return true;
    } finally {
      turn.unlock();
    }
  }

  /** Has the other role's configuration checked, so that a change of role need not wait for it. */
  void prepareOtherRole() throws InterruptedException {
    ZoneRole other = role == ZoneRole.PRIMARY ? ZoneRole.SECONDARY : ZoneRole.PRIMARY;
    try {
      server.prepare(other, plan.serving());
    } catch (IOException | BadConfiguration e) {
      LOG.error("named would not work as {}: {}", other, e.getMessage());
    }
  }

  void stop(Duration atMost) throws InterruptedException {
    stopping = true;
    server.stop(atMost);
  }

  private void setHealthy(boolean now) {
    if (healthy != now) {
      healthy = now;
      listener.health(now);
    }
  }

  /**
   * A leader has the time to hand over before its named is killed. A follower's may only be busy
   * with transfers, and nobody waits for it: commits go on without a member that lags.
   */
  private void killLater() throws InterruptedException {
    Thread.sleep(role == ZoneRole.PRIMARY ? LEADER_GRACE : FOLLOWER_GRACE);
    if (probe.probe(anyZone(), PROBE_LIMIT) instanceof NamedHealth.Silent && !stopping) {
      LOG.warn("killing named, which does not answer");
      server.kill();
    }
  }

  private void exited(ExitReason reason) {
    if (stopping) {
      return;
    }
    LOG.error("{}", reason.sentence());
    setHealthy(false);
    if (!home.markers().losable().isEmpty()) {
      listener.dataLost();
    }
    try {
      startAgain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startAgain() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!stopping) {
      Thread.sleep(pause);
      try {
        server.start();
        setHealthy(true);
        listener.restarted();
        return;
      } catch (NamedFailure e) {
        LOG.error("named does not start: {}", e.getMessage());
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
      }
    }
  }

  private Name anyZone() {
    return zones().stream().findFirst().orElse(Name.root);
  }
}
