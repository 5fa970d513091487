package dev.zonekeeper.agent.follow;

import dev.zonekeeper.agent.changes.ChangeLog;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.dns.Delta;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The changes of one zone that are in the change log and that named has yet to pull: a chain that
 * begins at a serial that named had, and all of one leader. Guarded by the zone's lock.
 */
final class Backlog {

  /** So many changes at most: they are what a takeover has to wait for. */
  private static final int MOST = 256;

  /** So many, and it is time to have named pull them. */
  private static final int MANY = 64;

  private record Unpulled(ChangeLog.Entry entry, long since) {
    Delta delta() {
      return entry.delta();
    }

    ZoneSerial end() {
      return endOf(entry.delta());
    }
  }

  private final Optional<ChangeLog> log;
  private final Deque<Unpulled> unpulled = new ArrayDeque<>();
  private Optional<ZoneSerial> durable = Optional.empty();

  /** Of some of this it is not known whether it is on the disk. */
  private boolean isDoubtful;

  /**
   * Begins with what was found in the log.
   *
   * @param log empty at a member that confirms only what its named has
   */
  Backlog(Optional<ChangeLog> log, List<ChangeLog.Entry> found) {
    this.log = log;
    for (ChangeLog.Entry entry : found) {
      if (!isEmpty() && !isFollowedBy(entry)) {
        clear(); // named had all of these when this one was written
      }
      add(entry);
      durable = tail();
    }
  }

  boolean isEmpty() {
    return unpulled.isEmpty();
  }

  boolean isLong() {
    return unpulled.size() >= MANY;
  }

  /** Whether the log may take a change of a leader of that epoch now. */
  boolean takes(long epoch) {
    return log.isPresent() && !isDoubtful && unpulled.size() < MOST && !isOfAnother(epoch);
  }

  /** Whether there is something of another leader, which named must have before anything else. */
  boolean isOfAnother(long epoch) {
    return !unpulled.isEmpty() && unpulled.getFirst().entry().epoch() != epoch;
  }

  /** The serial that all this leads to. */
  Optional<ZoneSerial> tail() {
    return isEmpty() ? Optional.empty() : Optional.of(unpulled.getLast().end());
  }

  /** All of it, as what named shall have; empty if there is nothing. */
  Optional<Goal> goal() {
    return tail().map(end -> new Goal(end, Optional.of(unpulled.getLast().delta().to()), epoch()));
  }

  /** The epoch of all that is here; 0 if there is nothing. */
  long epoch() {
    return isEmpty() ? 0 : unpulled.getFirst().entry().epoch();
  }

  /** The last serial that is known to be on the disk. */
  Optional<ZoneSerial> durable() {
    return durable;
  }

  /** For how long the oldest change has waited for named; zero if there is none. */
  Duration age() {
    return isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(System.nanoTime() - unpulled.getFirst().since());
  }

  /** For how long no change has come; zero if there is none here. */
  Duration quiet() {
    return isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(System.nanoTime() - unpulled.getLast().since());
  }

  /**
   * Writes changes that follow on what is here; the last of them is what to wait for.
   *
   * @return empty if the log did not take them all
   */
  Optional<ChangeLog.Entry> write(long epoch, List<Delta> changes) {
    Optional<ChangeLog.Entry> last = Optional.empty();
    for (Delta change : changes) {
      last = log.orElseThrow().write(epoch, change);
      if (last.isEmpty()) {
        return last;
      }
      add(last.get());
    }
    return last;
  }

  /** Blocks until an entry is on the disk; without the zone's lock. */
  boolean force(ChangeLog.Entry entry) throws InterruptedException {
    return log.orElseThrow().force(entry);
  }

  /**
   * The disk has been waited for.
   *
   * @param isSafe whether the entry is on it, and all before it
   */
  void forced(ChangeLog.Entry entry, boolean isSafe) {
    if (unpulled.stream().noneMatch(u -> u.entry() == entry)) {
      return; // named has it
    }
    ZoneSerial end = endOf(entry.delta());
    if (!isSafe) {
      isDoubtful = true;
    } else if (durable.filter(d -> d.isAtLeast(end)).isEmpty()) {
      durable = Optional.of(end);
    }
  }

  private boolean isFollowedBy(ChangeLog.Entry entry) {
    return entry.epoch() == epoch() && tail().equals(Optional.of(startOf(entry.delta())));
  }

  private void add(ChangeLog.Entry entry) {
    unpulled.add(new Unpulled(entry, System.nanoTime()));
  }

  /** named holds this serial durably. */
  void pulled(ZoneSerial served) {
    while (!isEmpty() && served.isAtLeast(unpulled.getFirst().end())) {
      log.orElseThrow().remove(unpulled.removeFirst().entry());
    }
    durable = durable.filter(d -> d.isAfter(served));
    isDoubtful = isDoubtful && !isEmpty();
  }

  /** Whether named, at this serial, can get to the end of what is here. */
  boolean leadsFrom(ZoneSerial served) {
    return isEmpty()
        || served.isAtLeast(unpulled.getLast().end())
        || unpulled.stream().anyMatch(u -> startOf(u.delta()).equals(served));
  }

  /** What leads from a serial to the end; empty if the serial is none of these. */
  List<Delta> from(long serial) {
    List<Delta> chain = new ArrayList<>();
    for (Unpulled each : unpulled) {
      if (!chain.isEmpty() || each.delta().from().getSerial() == serial) {
        chain.add(each.delta());
      }
    }
    return chain;
  }

  /** Nobody counts on any of it any more. */
  void clear() {
    unpulled.forEach(each -> log.orElseThrow().remove(each.entry()));
    unpulled.clear();
    durable = Optional.empty();
    isDoubtful = false;
  }

  private static ZoneSerial startOf(Delta delta) {
    return new ZoneSerial(delta.from().getSerial());
  }

  private static ZoneSerial endOf(Delta delta) {
    return new ZoneSerial(delta.to().getSerial());
  }
}
