package dev.zonekeeper.agent.commit;

import dev.zonekeeper.agent.gateway.Commits;
import dev.zonekeeper.agent.gateway.NotCommittedException;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.ZoneCommit;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.dns.Delta;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/**
 * Commits one zone in the leader's terms.
 *
 * <p>Group commit: a thread reads from named what has changed, and every {@link MemberFeed} sends
 * the latest that is known. What arrives meanwhile rides on the next read. Whoever waits is
 * released by the commit line that {@link ZoneCommit} draws.
 */
final class ZoneCommitter {
  private static final Logger LOG = LoggerFactory.getLogger(ZoneCommitter.class);
  private static final Duration READ_AGAIN = Duration.ofMillis(50);
  private static final Duration GATHER_LIMIT = Duration.ofMillis(40);
  private static final Duration GATHER_LOOK = Duration.ofMillis(2);

  /** So many serials of an epoch stay unused: updates under way when the epoch is changed. */
  private static final int RESERVE = 1024;

  private final Name zone;
  private final CommitDesk desk;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final DeltaLog deltas = new DeltaLog();
  private final Waiters waiters = new Waiters(lock);
  private final UpdatesUnderWay updates = new UpdatesUnderWay();
  private final Feeds feeds;

  private ZoneCommit commit;
  private long minimumEpoch;
  private Optional<SOARecord> head = Optional.empty();
  private Optional<ZoneSerial> announced = Optional.empty();
  private boolean draining;
  private boolean raising;
  private boolean wanted;
  private long wantedSince;
  private boolean reading;
  private long term;
  private Optional<String> closed = Optional.of("this member does not lead");

  /**
   * Makes the committer of a zone; it does nothing before {@link #open}.
   *
   * @param minimumEpoch the zone was made again: serials before this epoch mean something else
   */
  ZoneCommitter(Name zone, CommitDesk desk, long minimumEpoch) {
    this.zone = zone;
    this.desk = desk;
    this.minimumEpoch = minimumEpoch;
    this.feeds = new Feeds(target -> new MemberFeed(target, this, lock, desk), this::isNeeded);
  }

  Name zone() {
    return zone;
  }

  /** A term begins, or goes on in a higher epoch. */
  void open(long epoch, Set<MemberId> waitsFor, int required) {
    lock.lock();
    try {
      commit = ZoneCommit.starting(epoch, waitsFor, required);
      closed = Optional.empty();
      draining = false;
      head = Optional.empty();
      deltas.clear();
      feeds.forgetAll();
      waiters.makeAllRiders();
      wanted = !waiters.isEmpty();
      startReading();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The term is over; whoever waits gets the reason. */
  void close(String why) {
    lock.lock();
    try {
      closed = Optional.of(why);
      term++;
      waiters.failAll(why);
      feeds.forgetAll();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void waitFor(Set<MemberId> members, int required) {
    lock.lock();
    try {
      if (closed.isEmpty()) {
        commit = commit.waitingFor(members, required);
        release();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes sure that these members are sent what they lack, and no others. */
  void feed(Set<MemberFeed.Target> targets) {
    lock.lock();
    try {
      feeds.to(targets);
    } finally {
      lock.unlock();
    }
  }

  Commits.Applying applying() throws NotCommittedException, InterruptedException {
    long deadline = System.nanoTime() + desk.settings().waitLimit().toNanos();
    while (true) {
      raise(deadline);
      lock.lock();
      try {
        failIfDraining();
        while (closed.isEmpty() && !enoughRespond()) {
          awaitUntil(deadline, "too few members are in sync to commit an update");
        }
        failIfClosed();
        if (isRaised()) {
          return new Handle(updates.take(), term);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Blocks until the zone's serial is of this epoch; does nothing when it is. */
  void raise(long deadline) throws NotCommittedException, InterruptedException {
    lock.lock();
    try {
      while (raising && closed.isEmpty()) {
        awaitUntil(deadline, "the zone's serial could not be raised in time");
      }
      failIfClosed();
      if (isRaised()) {
        return;
      }
      raising = true;
    } finally {
      lock.unlock();
    }
    try {
      raiseNow(deadline);
    } catch (IOException e) {
      throw new NotCommittedException(
          "zone " + zone + ": its serial cannot be raised into this epoch: " + e.getMessage(), e);
    } finally {
      lock.lock();
      try {
        raising = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void raiseNow(long deadline)
      throws IOException, NotCommittedException, InterruptedException {
    SOARecord now = desk.source().read(zone, Optional.empty()).head();
    ZoneSerial current = new ZoneSerial(now.getSerial());
    long epoch;
    lock.lock();
    try {
      epoch = commit == null ? 0 : commit.epoch();
    } finally {
      lock.unlock();
    }
    if (!current.isOf(epoch) || epoch < minimumEpoch || current.leftInEpoch() < RESERVE) {
      long fits = current.epochPast(Math.max(epoch, minimumEpoch));
      if (fits != epoch) {
        desk.events().epochWanted(fits);
        awaitEpoch(fits, deadline);
        return;
      }
      desk.source().raise(zone, now, ZoneSerial.firstOf(epoch).value());
    }
    ZoneSource.Read read = desk.source().read(zone, Optional.of(now));
    lock.lock();
    try {
      if (closed.isEmpty() && commit.epoch() == epoch) {
        take(read);
        minimumEpoch = 0;
      }
    } finally {
      lock.unlock();
    }
  }

  private void awaitEpoch(long epoch, long deadline)
      throws NotCommittedException, InterruptedException {
    lock.lock();
    try {
      while (closed.isEmpty() && commit.epoch() < epoch) {
        awaitUntil(deadline, "the epoch could not be raised in time");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a commit is possible now: enough members are in sync, and none of them lags. */
  boolean canCommit() {
    lock.lock();
    try {
      return closed.isPresent() || enoughRespond();
    } finally {
      lock.unlock();
    }
  }

  /** Updates that have not reached named are turned away from now on. */
  void takeNoMore() {
    lock.lock();
    try {
      draining = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Blocks until all that named has applied by now is committed, and until it is sure that this
   * member still led when an update came.
   *
   * @param update the update's number; 0 for none
   * @return when it was known what to wait for, by {@link System#nanoTime}
   */
  long settle(long update) throws NotCommittedException, InterruptedException {
    lock.lock();
    try {
      failIfClosed();
      if (updates.areAllRead() && commit.isSettled() && commit.ledAfter(update)) {
        return System.nanoTime();
      }
      want();
      return await(Optional.empty(), update);
    } finally {
      lock.unlock();
    }
  }

  void awaitCommitted(long serial) throws NotCommittedException, InterruptedException {
    lock.lock();
    try {
      failIfClosed();
      ZoneSerial asked = new ZoneSerial(serial);
      boolean ofThisEpoch = asked.isOf(commit.epoch());
      if (ofThisEpoch ? commit.isCommitted(asked) : commit.isSettled()) {
        return;
      }
      want();
      await(ofThisEpoch ? Optional.of(asked) : Optional.empty(), 0);
    } finally {
      lock.unlock();
    }
  }

  /** named says that the zone has changed without an update. A zone to be raised is read then. */
  void changedByItself() {
    lock.lock();
    try {
      if (closed.isEmpty() && head.isPresent()) {
        want();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Blocks until no update is under way, all is committed, and all who wait for that know, or the
   * time is over.
   */
  boolean drained(long deadline) throws InterruptedException {
    lock.lock();
    try {
      while (closed.isEmpty() && (!updates.areAllAnswered() || !waiters.isEmpty())) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  Optional<ZoneSerial> committed() {
    lock.lock();
    try {
      return commit == null ? Optional.empty() : commit.committed();
    } finally {
      lock.unlock();
    }
  }

  /** The last serial read from named; empty while the zone is not of this epoch. */
  Optional<ZoneSerial> head() {
    lock.lock();
    try {
      return closed.isPresent() ? Optional.empty() : commit.head();
    } finally {
      lock.unlock();
    }
  }

  boolean hasConfirmed(MemberId member, ZoneSerial serial) {
    lock.lock();
    try {
      return closed.isEmpty() && commit.hasConfirmed(member, serial);
    } finally {
      lock.unlock();
    }
  }

  // What the feeds ask and tell.

  /**
   * What a member should hold now: all, or what is committed. Empty if there is nothing to ask it.
   *
   * @param holds what it has, as far as is known or under way
   * @param heard how many updates had been taken when it was asked last
   */
  Optional<Outgoing> outgoing(boolean committedOnly, Optional<ZoneSerial> holds, long heard) {
    lock.lock();
    try {
      if (closed.isPresent() || head.isEmpty()) {
        return Optional.empty();
      }
      Optional<ZoneSerial> goal = committedOnly ? commit.committed() : commit.head();
      boolean lacksNone = goal.isEmpty() || holds.filter(h -> h.isAtLeast(goal.get())).isPresent();
      boolean isAsked = goal.isPresent() && !committedOnly && waiters.lastUpdate() > heard;
      if (lacksNone && !isAsked) {
        return Optional.empty();
      }
      long to = goal.get().value();
      List<Delta> changes =
          holds.isPresent() ? deltas.between(holds.get().value(), to) : deltas.endingAt(to);
      return Optional.of(new Outgoing(commit.epoch(), goal.get(), changes, updates.taken()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * A request to a member.
   *
   * @param taken how many updates have been taken until now
   */
  record Outgoing(long epoch, ZoneSerial serial, List<Delta> changes, long taken) {}

  /** Whether commits wait for the member. */
  boolean isNeeded(MemberId member) {
    lock.lock();
    try {
      return closed.isEmpty() && commit.waitsFor().contains(member);
    } finally {
      lock.unlock();
    }
  }

  /** A member has confirmed a request, with what it holds. */
  void confirmed(Outgoing request, MemberId member, ZoneSerial serial) {
    lock.lock();
    try {
      if (closed.isEmpty() && commit.epoch() == request.epoch()) {
        commit = commit.confirmedBy(member, serial).heardFrom(member, request.taken());
        release();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody waits for a commit of this zone. */
  boolean isAwaited() {
    return !waiters.isEmpty();
  }

  /** A feed has room again. */
  void feedMoved() {
    changed.signalAll();
  }

  // All below: with the lock held.

  private boolean enoughRespond() {
    return commit.waitsFor().size() + 1 >= commit.required() && !feeds.anyNeededLags();
  }

  private boolean isRaised() {
    return head.isPresent()
        && commit.epoch() >= minimumEpoch
        && commit.head().filter(h -> h.leftInEpoch() >= RESERVE).isPresent();
  }

  private void startReading() {
    if (wanted && !reading && closed.isEmpty()) {
      reading = true;
      Thread.ofVirtual().name("commit-" + zone).start(this::readWhileWanted);
    }
  }

  private void readWhileWanted() {
    try {
      boolean more = true;
      while (more) {
        more = readOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("zone {}: the committer failed", zone, e);
      lock.lock();
      try {
        reading = false;
      } finally {
        lock.unlock();
      }
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the caller loops
  private boolean readOnce() throws InterruptedException {
    Optional<SOARecord> base;
    List<Waiters.Waiter> riders;
    long appliedBefore;
    lock.lock();
    try {
      while (wanted && closed.isEmpty() && (feeds.allNeededAreFull() || isGathering())) {
        changed.awaitNanos(GATHER_LOOK.toNanos());
      }
      if (!wanted || closed.isPresent()) {
        reading = false;
        return false;
      }
      wanted = false;
      base = head;
      appliedBefore = updates.applied();
      riders = waiters.riders();
    } finally {
      lock.unlock();
    }
    try {
      if (base.isEmpty()) {
        raise(System.nanoTime() + desk.settings().waitLimit().toNanos());
        base = head;
      }
      ZoneSource.Read read = desk.source().read(zone, base);
      lock.lock();
      try {
        if (closed.isEmpty() && take(read)) {
          updates.read(appliedBefore);
          commit.head().ifPresent(now -> riders.forEach(w -> w.rideTo(now)));
          release();
          feeds.pokeAll(); // for those whose update has changed nothing
        }
      } finally {
        lock.unlock();
      }
    } catch (IOException | NotCommittedException e) {
      LOG.info("zone {} cannot be read for its commit: {}", zone, e.getMessage());
      lock.lock();
      try {
        wanted = wanted || !waiters.isEmpty();
        changed.awaitNanos(READ_AGAIN.toNanos());
      } finally {
        lock.unlock();
      }
    }
    return true;
  }

  /**
   * Whether it is worth to wait for the updates that named is working on, so that they ride on the
   * same read: each round costs every member two fsyncs, whatever it carries. Until as many wait as
   * are at work, and never for long; a lone client does not wait at all.
   */
  private boolean isGathering() {
    return updates.atNamed() > waiters.riderCount()
        && System.nanoTime() - wantedSince < GATHER_LIMIT.toNanos();
  }

  private void want() {
    if (!wanted) {
      wanted = true;
      wantedSince = System.nanoTime();
    }
    startReading();
  }

  /** Takes in what was read; false when it is not of this epoch. */
  private boolean take(ZoneSource.Read read) {
    ZoneSerial serial = new ZoneSerial(read.head().getSerial());
    if (!serial.isOf(commit.epoch())) {
      return false;
    }
    boolean isNew = head.isEmpty() || head.get().getSerial() != serial.value();
    if (isNew) {
      read.delta().ifPresent(deltas::add);
      head = Optional.of(read.head());
      commit = commit.applied(serial);
      feeds.pokeAll();
      changed.signalAll();
    }
    return true;
  }

  private void release() {
    Optional<ZoneSerial> line = commit.committed();
    if (line.isEmpty()) {
      return;
    }
    if (waiters.release(commit)) {
      changed.signalAll();
    }
    if (!line.equals(announced)) {
      announced = line;
      feeds.pokeAll();
      desk.committed(zone, line.get());
    }
  }

  /** Blocks until it is committed; returns when its serial became known. */
  private long await(Optional<ZoneSerial> serial, long update)
      throws NotCommittedException, InterruptedException {
    Waiters.Waiter waiter = waiters.add(serial, update);
    feeds.pokeAll(); // what was not urgent is now
    if (!waiter.await(desk.settings().waitLimit().toNanos())) {
      changed.signalAll();
      throw new NotCommittedException(
          waiter
              .failure()
              .orElseGet(() ->
                  "not enough members confirmed it in time: "
                      + (commit.waitsFor().size() + 1 < commit.required()
                          ? "too few are in sync"
                          : "waiting for " + commit.waitsFor())));
    }
    return waiter.readAt();
  }

  private void failIfDraining() throws NotCommittedException {
    if (draining) {
      throw new NotCommittedException("this member is handing over");
    }
  }

  private void failIfClosed() throws NotCommittedException {
    if (closed.isPresent()) {
      throw new NotCommittedException(closed.get());
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private void awaitUntil(long deadline, String otherwise)
      throws NotCommittedException, InterruptedException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new NotCommittedException("zone " + zone + ": " + otherwise);
    }
    changed.awaitNanos(left);
  }

  /** An update that was taken in a term. */
  private final class Handle implements Commits.Applying {
    private final UpdatesUnderWay.One update;
    private final long takenIn;

    private Handle(UpdatesUnderWay.One update, long takenIn) {
      this.update = update;
      this.takenIn = takenIn;
    }

    @Override
    public long settle() throws NotCommittedException, InterruptedException {
      lock.lock();
      try {
        update.leaveNamed();
        changed.signalAll();
        if (takenIn != term) {
          throw new NotCommittedException("this member did not lead all the time");
        }
        return ZoneCommitter.this.settle(update.number());
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        update.answer();
        if (draining) {
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
