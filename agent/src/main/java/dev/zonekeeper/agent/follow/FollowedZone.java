package dev.zonekeeper.agent.follow;

import dev.zonekeeper.agent.changes.ChangeLog;
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
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/**
 * One zone at a follower: what the leader wants it to hold, what is in the change log, and what the
 * local named holds.
 *
 * <p>A change that follows on what this member holds goes to the change log, is durable then, and
 * named pulls it a moment later. All else is held when named has it: a thread pulls while a commit
 * request waits; the leader asks again.
 */
final class FollowedZone {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedZone.class);
  private static final Duration NOTIFY_AGAIN = Duration.ofMillis(300);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(20);
  private static final Duration FIRST_LOOK = Duration.ofMillis(4);

  /** When no change has come for so long, there is nothing to gather: perhaps the leader ends. */
  private static final Duration QUIET = Duration.ofMillis(15);

  /** A named that is so far behind the change log is waited for. */
  private static final Duration BEHIND_LIMIT = Duration.ofSeconds(1);

  private final Name zone;
  private final LocalZones named;
  private final Resync resync;
  private final Backlog backlog;
  private final Pace pace;
  private final Predicate<Name> onLoss;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** For whoever leaves named alone for a while: it shall no longer. */
  private final Condition hurried = lock.newCondition();

  private final DeltaLog deltas = new DeltaLog();

  private Optional<ZoneSerial> served = Optional.empty();
  private Optional<ZoneSerial> goal = Optional.empty();
  private Optional<SOARecord> goalSoa = Optional.empty();
  private long goalEpoch;
  private long behindSince;
  private int requests;

  /** How many wait for named itself. */
  private int urgent;

  /** named shall have all that is in the log at once. */
  private boolean hurry;

  private int forgotten;
  private boolean leads;
  private boolean pulling;
  private boolean hint;

  /**
   * Makes it; nothing is pulled before somebody asks for it.
   *
   * @param onLoss told when named no longer has what the backlog follows on; true when nobody
   *     counts on this member's data any more
   */
  FollowedZone(
      Name zone,
      LocalZones named,
      Resync resync,
      Backlog backlog,
      Pace pace,
      Predicate<Name> onLoss) {
    this.zone = zone;
    this.named = named;
    this.resync = resync;
    this.backlog = backlog;
    this.pace = pace;
    this.onLoss = onLoss;
    wantBacklog();
  }

  /**
   * Blocks until this member holds the serial durably.
   *
   * @return the serial it holds then, the asked one or a later one of the same epoch; empty if it
   *     did not come to that in time, or all is forgotten meanwhile
   */
  Optional<ZoneSerial> hold(CommitRequest request, Duration atMost) throws InterruptedException {
    ZoneSerial serial = new ZoneSerial(request.serial());
    long epoch = request.epoch();
    long deadline = System.nanoTime() + atMost.toNanos();
    lock.lock();
    requests++;
    try {
      int before = forgotten;
      while (backlog.isOfAnother(epoch) && mayWait(deadline, before)) {
        awaitNamed(deadline);
      }
      if (backlog.isOfAnother(epoch) || before != forgotten || leads) {
        return Optional.empty();
      }
      want(serial, epoch, request.changes());
      while (!holds(serial, epoch) && mayWait(deadline, before)) {
        if (isWritten(serial, epoch)) {
          changed.awaitNanos(deadline - System.nanoTime());
        } else if (!logged(serial, epoch)) {
          awaitNamed(deadline);
        }
      }
      return before == forgotten && holds(serial, epoch) ? held() : Optional.empty();
    } finally {
      requests--;
      lock.unlock();
    }
  }

  private boolean mayWait(long deadline, int before) {
    return before == forgotten && deadline - System.nanoTime() > 0;
  }

  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private void awaitNamed(long deadline) throws InterruptedException {
    urgent++;
    try {
      if (isBehind()) {
        hurried.signal();
        pull();
      } // else a full transfer is being saved, and there is nothing to do but wait
      changed.awaitNanos(deadline - System.nanoTime());
    } finally {
      urgent--;
    }
  }

  /** The serial that this member holds durably. */
  private Optional<ZoneSerial> held() {
    return served.map(s -> backlog.durable().orElse(s));
  }

  private boolean holds(ZoneSerial serial, long epoch) {
    return held().filter(h -> h.isAtLeast(serial) && h.isOf(epoch)).isPresent()
        && !resync.isUnderWay(zone);
  }

  /** Whether it is in the log already, and another thread waits for the disk. */
  private boolean isWritten(ZoneSerial serial, long epoch) {
    return mayLog(epoch) && backlog.tail().filter(t -> t.isAtLeast(serial)).isPresent();
  }

  private boolean mayLog(long epoch) {
    return served.isPresent()
        && backlog.takes(epoch)
        && backlog.age().compareTo(BEHIND_LIMIT) < 0
        && !resync.isUnderWay(zone);
  }

  /** Writes to the log what leads to the serial; false if that is not possible. */
  private boolean logged(ZoneSerial serial, long epoch) throws InterruptedException {
    if (!mayLog(epoch)) {
      return false;
    }
    ZoneSerial from = backlog.tail().orElseGet(served::get);
    List<Delta> changes = deltas.between(from.value(), serial.value());
    Optional<ChangeLog.Entry> last =
        changes.isEmpty() ? Optional.empty() : backlog.write(epoch, changes);
    if (last.isEmpty()) {
      return false;
    }
    boolean durable = false;
    lock.unlock();
    try {
      durable = backlog.force(last.get());
    } finally {
      lock.lock();
    }
    backlog.forced(last.get(), durable);
    changed.signalAll();
    if (backlog.isLong()) {
      hurried.signal();
    }
    pull();
    return durable;
  }

  private void want(ZoneSerial serial, long epoch, List<Delta> changes) {
    boolean newer = epoch > goalEpoch || (epoch == goalEpoch && serial.isAfter(goal.get()));
    if (epoch > goalEpoch) {
      deltas.clear();
      goalSoa = Optional.empty();
    }
    if (newer) {
      if (!lags()) {
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
      leads = false;
      startOver();
      if (!backlog.isEmpty()) {
        pull();
      }
    } finally {
      lock.unlock();
    }
  }

  /** This member leads: nothing is confirmed any more, and named shall have all that was. */
  void lead() {
    lock.lock();
    try {
      leads = true;
      startOver();
      hurry();
    } finally {
      lock.unlock();
    }
  }

  private void startOver() {
    served = Optional.empty();
    deltas.clear();
    wantBacklog();
    forgotten++;
    changed.signalAll();
  }

  private void wantBacklog() {
    goal = backlog.tail();
    goalSoa = backlog.tailSoa();
    goalEpoch = backlog.epoch();
    behindSince = System.nanoTime();
  }

  /** named shall have all that is in the log, now. */
  void hurry() {
    lock.lock();
    try {
      hurry = !backlog.isEmpty();
      if (hurry) {
        hurried.signal();
        pull();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What the log has is of no use: the zone is no more, or the data that it follows on. */
  void drop() {
    lock.lock();
    try {
      backlog.clear();
      startOver();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Blocks until named has all that is in the log.
   *
   * @return whether it came to that in time
   */
  boolean pulledAll(long deadline) throws InterruptedException {
    lock.lock();
    try {
      while (!backlog.isEmpty() && deadline - System.nanoTime() > 0) {
        awaitNamed(deadline);
      }
      return backlog.isEmpty();
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
      List<Delta> all = goal.map(g -> deltas.between(serial, g.value())).orElse(List.of());
      return all.isEmpty() ? backlog.from(serial) : all;
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
    boolean ends = true;
    try {
      do {
        awaitTurn();
      } while (pullOnce());
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
      while (urgent == 0 && !hurry && !backlog.isEmpty() && !backlog.isLong()) {
        Duration left = min(pause.minus(backlog.age()), QUIET.minus(backlog.quiet()));
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

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
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
      return requests > 0 || !backlog.isEmpty();
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
    Optional<ZoneSerial> gone = Optional.empty();
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
      if (now.isPresent() && !backlog.leadsFrom(now.get()) && !resync.isUnderWay(zone)) {
        gone = now;
      } else if (!now.equals(served)) {
        served = now;
        now.ifPresent(backlog::pulled);
        hurry = hurry && !backlog.isEmpty();
        changed.signalAll();
      }
      return served.filter(s -> s.isAtLeast(target) && s.isOf(epoch)).isPresent();
    } finally {
      lock.unlock();
      gone.ifPresent(this::loseAt);
    }
  }

  private void loseAt(ZoneSerial serial) {
    LOG.error("zone {}: named is at serial {}, older than what it had before", zone, serial);
    if (onLoss.test(zone)) {
      drop();
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
      return lags() ? Duration.ofNanos(System.nanoTime() - behindSince) : Duration.ZERO;
    } finally {
      lock.unlock();
    }
  }

  private boolean lags() {
    return goal.isPresent() && !holds(goal.get(), goalEpoch);
  }

  /** Whether named has yet to pull something. */
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
