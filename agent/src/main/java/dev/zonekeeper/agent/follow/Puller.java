package dev.zonekeeper.agent.follow;

import dev.zonekeeper.core.ZoneSerial;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * Makes named pull one zone: a thread that runs while named lacks something that somebody asks for
 * or that is in the change log. All state is guarded by the zone's lock.
 */
final class Puller {
  private static final Logger LOG = LoggerFactory.getLogger(Puller.class);
  private static final Duration NOTIFY_AGAIN = Duration.ofMillis(300);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(20);
  private static final Duration FIRST_LOOK = Duration.ofMillis(4);

  /**
   * When no change has come for such a part of the time, there is nothing to gather: perhaps the
   * leader ends.
   */
  private static final int QUIET_PART = 3;

  /** The zone that is pulled. */
  interface Zone {
    /** What named shall have; empty if nothing is asked for. */
    Optional<Goal> goal();

    /** What named has, as far as is known. */
    Optional<ZoneSerial> served();

    /** Whether somebody asks for the goal. */
    boolean isAskedFor();

    /** Asks named for its serial; true when that meets the goal. Without the zone's lock. */
    boolean look(Goal goal) throws InterruptedException;
  }

  private final Name name;
  private final Zone zone;
  private final LocalZones named;
  private final Resync resync;
  private final Backlog backlog;
  private final Pace pace;
  private final ReentrantLock lock;

  /** What named has or shall have has changed. */
  private final Condition changed;

  /** For the thread that leaves named alone for a while: it shall no longer. */
  private final Condition hurried;

  private int urgent;

  /** What is in the log up to here named shall have at once. */
  private Optional<ZoneSerial> soon = Optional.empty();

  private boolean pulling;
  private boolean hint;

  Puller(
      Name name,
      Zone zone,
      LocalZones named,
      Resync resync,
      Backlog backlog,
      Pace pace,
      ReentrantLock lock,
      Condition changed) {
    this.name = name;
    this.zone = zone;
    this.named = named;
    this.resync = resync;
    this.backlog = backlog;
    this.pace = pace;
    this.lock = lock;
    this.changed = changed;
    this.hurried = lock.newCondition();
  }

  // With the lock held.

  /** named lacks something. */
  void pull() {
    if (backlog.isLong()) {
      hurried.signal();
    }
    if (!pulling) {
      pulling = true;
      Thread.ofVirtual().name("pull-" + name).start(this::pullUntilThere);
    }
  }

  /** named shall have all that is in the log by now, at once. */
  void hurry() {
    soon = backlog.tail();
    if (soon.isPresent()) {
      hurried.signal();
      pull();
    }
  }

  private boolean isHurried() {
    return urgent > 0
        || backlog.isLong()
        || soon.filter(s -> zone.served().filter(has -> has.isAtLeast(s)).isEmpty()).isPresent();
  }

  /** Waits for named, which shall not be left alone, until something has changed. */
  @SuppressWarnings("WaitNotInLoop") // the callers loop
  void await(long deadline) throws InterruptedException {
    urgent++;
    try {
      if (lacks()) {
        hurried.signal();
        pull();
      } // else a full transfer is being saved, and there is nothing to do but wait
      changed.awaitNanos(deadline - System.nanoTime());
    } finally {
      urgent--;
    }
  }

  /** named has ended a transfer, so its serial is worth a look. */
  void transferEnded() {
    hint = true;
    changed.signalAll();
  }

  /** Whether named has yet to pull something. */
  private boolean lacks() {
    return zone.goal().filter(goal -> zone.served().filter(goal::isMetBy).isEmpty()).isPresent();
  }

  // Without it.

  private void pullUntilThere() {
    boolean ends = true;
    try {
      do {
        awaitTurn();
      } while (pullInPlace());
      ends = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.lock();
      try {
        pulling = false;
        changed.signalAll();
        if (!ends && !backlog.isEmpty()) {
          pull(); // what came into the log at the last moment
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Nobody waits for named while the log has what named lacks: the more at once the better. */
  private void awaitTurn() throws InterruptedException {
    lock.lock();
    try {
      Duration pause = pace.begin();
      while (!backlog.isEmpty() && !isHurried()) {
        Duration left =
            min(pause.minus(backlog.age()), pause.dividedBy(QUIET_PART).minus(backlog.quiet()));
        if (!left.isPositive()) {
          break;
        }
        hurried.awaitNanos(left.toNanos());
      }
    } finally {
      pace.end();
      lock.unlock();
    }
  }

  private boolean pullInPlace() throws InterruptedException {
    boolean hasPlace = false;
    while (!hasPlace && !isUrgent()) {
      hasPlace = pace.entersSoon();
    }
    try {
      return pullOnce();
    } finally {
      if (hasPlace) {
        pace.leave();
      }
    }
  }

  private boolean isUrgent() {
    lock.lock();
    try {
      return urgent > 0 || backlog.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** One NOTIFY and the wait for what comes of it; false when there is nothing left to do. */
  private boolean pullOnce() throws InterruptedException {
    Optional<Goal> wanted;
    boolean unknown;
    lock.lock();
    try {
      wanted = zone.goal();
      unknown = zone.served().isEmpty();
    } finally {
      lock.unlock();
    }
    if (wanted.isEmpty() || (unknown && zone.look(wanted.get())) || !isOn()) {
      return false;
    }
    Goal goal = wanted.get();
    long started = System.nanoTime();
    tell(goal);
    Duration pause = FIRST_LOOK;
    while (System.nanoTime() - started < NOTIFY_AGAIN.toNanos()) {
      awaitHint(pause);
      if (zone.look(goal)) {
        return goesOn();
      }
      pause = min(pause.multipliedBy(2), LONGEST_LOOK);
    }
    return goesOn();
  }

  private void tell(Goal goal) throws InterruptedException {
    Optional<ZoneSerial> ahead = ahead(goal);
    try {
      if (ahead.isPresent()) {
        LOG.warn(
            "zone {}: this member is at serial {}, which the leader of epoch {} never had;"
                + " transferring it anew",
            name,
            ahead.get(),
            goal.epoch());
        resync.mark(name);
        named.retransfer(name);
      } else {
        named.notifyOf(name, goal.soa());
      }
    } catch (IOException e) {
      LOG.info("zone {}: named cannot be told to pull: {}", name, e.getMessage());
    }
  }

  private Optional<ZoneSerial> ahead(Goal goal) {
    lock.lock();
    try {
      return zone.served().filter(goal::isPassedBy);
    } finally {
      lock.unlock();
    }
  }

  private boolean isOn() {
    lock.lock();
    try {
      return lacks();
    } finally {
      lock.unlock();
    }
  }

  private boolean goesOn() {
    lock.lock();
    try {
      return lacks() && (zone.isAskedFor() || !backlog.isEmpty());
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

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
