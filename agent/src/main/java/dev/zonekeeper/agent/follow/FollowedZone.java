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
final class FollowedZone implements Puller.Zone {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedZone.class);

  /** A named that is so far behind the change log is waited for. */
  private static final Duration BEHIND_LIMIT = Duration.ofSeconds(1);

  private final Name zone;
  private final LocalZones named;
  private final Resync resync;
  private final Backlog backlog;
  private final Predicate<Name> onLoss;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final DeltaLog deltas = new DeltaLog();
  private final Puller puller;

  private Optional<ZoneSerial> served = Optional.empty();
  private Optional<Goal> goal = Optional.empty();

  /** The goal is nobody's but the log's: over when named has all that is in it, or more. */
  private boolean goalIsBacklog;

  private long behindSince;
  private int requests;

  private int forgotten;
  private boolean leads;
  private boolean hasHeld;

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
    this.onLoss = onLoss;
    this.puller = new Puller(zone, this, named, resync, backlog, pace, lock, changed);
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
        puller.await(deadline);
      }
      if (backlog.isOfAnother(epoch) || before != forgotten || leads) {
        return Optional.empty();
      }
      want(serial, epoch, request.changes());
      while (!holds(serial, epoch) && mayWait(deadline, before)) {
        if (isWritten(serial, epoch)) {
          changed.awaitNanos(deadline - System.nanoTime());
        } else if (!logged(serial, epoch)) {
          puller.await(deadline);
        }
      }
      if (before != forgotten || !holds(serial, epoch)) {
        return Optional.empty();
      }
      hasHeld = true;
      return held();
    } finally {
      requests--;
      lock.unlock();
    }
  }

  private boolean mayWait(long deadline, int before) {
    return before == forgotten && deadline - System.nanoTime() > 0;
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
    puller.pull();
    return durable;
  }

  private void want(ZoneSerial serial, long epoch, List<Delta> changes) {
    long before = goal.map(Goal::epoch).orElse(0L);
    if (epoch > before) {
      deltas.clear();
    }
    if (epoch > before || (epoch == before && serial.isAfter(goal.get().serial()))) {
      if (!lags()) {
        behindSince = System.nanoTime();
      }
      Optional<SOARecord> soa =
          changes.isEmpty() ? Optional.empty() : Optional.of(changes.getLast().to());
      goal = Optional.of(new Goal(serial, soa, epoch));
      goalIsBacklog = false;
    }
    if (epoch >= before) {
      changes.forEach(deltas::add); // also those of a request which a later one has overtaken
    }
  }

  /** named has ended a transfer, so its serial is worth a look. */
  void transferEnded() {
    lock.lock();
    try {
      puller.transferEnded();
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
        puller.pull();
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
      puller.hurry();
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
    goal = backlog.goal();
    goalIsBacklog = true;
    behindSince = System.nanoTime();
  }

  /** named shall have all that is in the log, now. */
  void hurry() {
    lock.lock();
    try {
      puller.hurry();
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
        puller.await(deadline);
      }
      return backlog.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether it has held what a leader asked for, at some time since this member began. */
  boolean hasHeld() {
    lock.lock();
    try {
      return hasHeld;
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
      return goal.flatMap(Goal::soa);
    } finally {
      lock.unlock();
    }
  }

  /** What leads from a serial to the goal, step by step; empty if it is not known here. */
  List<Delta> changesFrom(long serial) {
    lock.lock();
    try {
      List<Delta> all = goal.map(g -> deltas.between(serial, g.serial().value())).orElse(List.of());
      return all.isEmpty() ? backlog.from(serial) : all;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Goal> goal() {
    return goal;
  }

  @Override
  public Optional<ZoneSerial> served() {
    return served;
  }

  @Override
  public boolean isAskedFor() {
    return requests > 0;
  }

  /**
   * Asks named for its serial; true when that is the target or later. What was asked before all was
   * forgotten may be the answer of a named that has died since, and with it the data.
   */
  @Override
  public boolean look(Goal wanted) throws InterruptedException {
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
        if (goalIsBacklog && backlog.isEmpty()) {
          goal = Optional.empty();
        }
        changed.signalAll();
      }
      return served.filter(wanted::isMetBy).isPresent();
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
    return goal.filter(g -> !holds(g.serial(), g.epoch())).isPresent();
  }
}
