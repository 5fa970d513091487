package dev.zonekeeper.agent.follow;

import dev.zonekeeper.agent.commit.DeltaLog;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Delta;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/**
 * One zone at a follower: what the leader wants it to hold, and what the local named holds. A
 * thread pulls while there is a difference and a commit request waits; the leader asks again.
 */
final class FollowedZone {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedZone.class);
  private static final Duration NOTIFY_AGAIN = Duration.ofMillis(300);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(20);
  private static final Duration FIRST_LOOK = Duration.ofMillis(4);

  private final Name zone;
  private final LocalZones named;
  private final Resync resync;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final DeltaLog deltas = new DeltaLog();

  private Optional<ZoneSerial> served = Optional.empty();
  private Optional<ZoneSerial> goal = Optional.empty();
  private Optional<SOARecord> goalSoa = Optional.empty();
  private long goalEpoch;
  private long behindSince;
  private int requests;
  private int forgotten;
  private boolean pulling;
  private boolean hint;

  FollowedZone(Name zone, LocalZones named, Resync resync) {
    this.zone = zone;
    this.named = named;
    this.resync = resync;
  }

  /**
   * Blocks until the local named holds the serial durably.
   *
   * @return the serial it holds then, the asked one or a later one of the same epoch; empty if it
   *     did not come to that in time, or all is forgotten meanwhile
   */
  Optional<ZoneSerial> hold(CommitRequest request, Duration atMost) throws InterruptedException {
    ZoneSerial serial = new ZoneSerial(request.serial());
    lock.lock();
    requests++;
    try {
      want(serial, request.epoch(), request.changes());
      long left = atMost.toNanos();
      int before = forgotten;
      while (!holds(serial, request.epoch()) && left > 0 && before == forgotten) {
        if (isBehind()) {
          pull(); // else a full transfer is being saved, and there is nothing to do but wait
        }
        left = changed.awaitNanos(left);
      }
      return holds(serial, request.epoch()) ? served : Optional.empty();
    } finally {
      requests--;
      lock.unlock();
    }
  }

  private boolean holds(ZoneSerial serial, long epoch) {
    return served.isPresent()
        && served.get().isAtLeast(serial)
        && served.get().isOf(epoch)
        && !resync.isUnderWay(zone);
  }

  private void want(ZoneSerial serial, long epoch, List<Delta> changes) {
    boolean newer = epoch > goalEpoch || (epoch == goalEpoch && serial.isAfter(goal.get()));
    if (epoch > goalEpoch) {
      deltas.clear();
      goalSoa = Optional.empty();
    }
    if (newer) {
      if (!isBehind()) {
        behindSince = System.nanoTime();
      }
      goal = Optional.of(serial);
      goalEpoch = epoch;
      goalSoa = changes.isEmpty() ? Optional.empty() : Optional.of(changes.getLast().to());
    }
    if (epoch == goalEpoch) {
      changes.forEach(deltas::add); // also those of a request which a later one has overtaken
    }
  }

  /** named has ended a transfer, so its serial is worth a look. */
  void transferEnded() {
    lock.lock();
    try {
      hint = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The resync of the zone has ended. */
  void resyncEnded() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Another leader, or named has ended or was started anew: what was known may be wrong. */
  void forget() {
    lock.lock();
    try {
      served = Optional.empty();
      goal = Optional.empty();
      goalSoa = Optional.empty();
      goalEpoch = 0;
      deltas.clear();
      forgotten++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a leader has said what there shall be. */
  boolean hasGoal() {
    lock.lock();
    try {
      return goal.isPresent();
    } finally {
      lock.unlock();
    }
  }

  /** The SOA record that named shall see at its primary, if it is known here. */
  Optional<SOARecord> goalSoa() {
    lock.lock();
    try {
      return goalSoa;
    } finally {
      lock.unlock();
    }
  }

  /** What leads from a serial to the goal, step by step; empty if it is not known here. */
  List<Delta> changesFrom(long serial) {
    lock.lock();
    try {
      return goal.map(g -> deltas.between(serial, g.value())).orElse(List.of());
    } finally {
      lock.unlock();
    }
  }

  private void pull() {
    if (!pulling) {
      pulling = true;
      Thread.ofVirtual().name("pull-" + zone).start(this::pullUntilThere);
    }
  }

  private void pullUntilThere() {
    try {
      while (pullOnce()) {
        LOG.trace("zone {}: once more", zone);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.lock();
      try {
        pulling = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** One NOTIFY and the wait for what comes of it; false when there is nothing left to do. */
  private boolean pullOnce() throws InterruptedException {
    Optional<ZoneSerial> target;
    Optional<SOARecord> soa;
    long epoch;
    lock.lock();
    try {
      target = goal;
      soa = goalSoa;
      epoch = goalEpoch;
    } finally {
      lock.unlock();
    }
    if (target.isEmpty() || (isUnknown() && look(target.get(), epoch)) || !isBehind()) {
      return false;
    }
    long started = System.nanoTime();
    try {
      if (isAhead(target.get(), epoch)) {
        LOG.warn(
            "zone {}: this member is at serial {}, which the leader of epoch {} never had;"
                + " transferring it anew",
            zone,
            served.get(),
            epoch);
        resync.mark(zone);
        named.retransfer(zone);
      } else {
        named.notifyOf(zone, soa);
      }
    } catch (IOException e) {
      LOG.info("zone {}: named cannot be told to pull: {}", zone, e.getMessage());
    }
    Duration pause = FIRST_LOOK;
    while (System.nanoTime() - started < NOTIFY_AGAIN.toNanos()) {
      awaitHint(pause);
      if (look(target.get(), epoch)) {
        return isBehind() && isAskedFor();
      }
      pause = pause.compareTo(LONGEST_LOOK) < 0 ? pause.multipliedBy(2) : LONGEST_LOOK;
    }
    return isBehind() && isAskedFor();
  }

  private boolean isAskedFor() {
    lock.lock();
    try {
      return requests > 0;
    } finally {
      lock.unlock();
    }
  }

  private void awaitHint(Duration pause) throws InterruptedException {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!hint && left > 0) {
        left = changed.awaitNanos(left);
      }
      hint = false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks named for its serial; true when that is the target or later. What was asked before all was
   * forgotten may be the answer of a named that has died since, and with it the data.
   */
  private boolean look(ZoneSerial target, long epoch) throws InterruptedException {
    Optional<ZoneSerial> now;
    int before = timesForgotten();
    try {
      now = named.soa(zone).map(soa -> new ZoneSerial(soa.getSerial()));
    } catch (IOException e) {
      LOG.debug("zone {}: named does not tell its serial", zone, e);
      return false;
    }
    lock.lock();
    try {
      if (before != forgotten) {
        return false;
      }
      if (!now.equals(served)) {
        served = now;
        changed.signalAll();
      }
      return served.filter(s -> s.isAtLeast(target) && s.isOf(epoch)).isPresent();
    } finally {
      lock.unlock();
    }
  }

  private int timesForgotten() {
    lock.lock();
    try {
      return forgotten;
    } finally {
      lock.unlock();
    }
  }

  private boolean isAhead(ZoneSerial target, long epoch) {
    return served
        .filter(s -> !s.isOf(epoch))
        .filter(s -> s.isAfter(target) || !s.isComparableWith(target))
        .isPresent();
  }

  private boolean isUnknown() {
    lock.lock();
    try {
      return served.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** How long this member has not held all that it was asked to hold; zero when it does now. */
  Duration lag() {
    lock.lock();
    try {
      return isBehind() ? Duration.ofNanos(System.nanoTime() - behindSince) : Duration.ZERO;
    } finally {
      lock.unlock();
    }
  }

  private boolean isBehind() {
    lock.lock();
    try {
      return goal.isPresent()
          && !(served.isPresent()
              && served.get().isAtLeast(goal.get())
              && served.get().isOf(goalEpoch));
    } finally {
      lock.unlock();
    }
  }
}
