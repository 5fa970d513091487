package dev.zonekeeper.agent.commit;

import dev.zonekeeper.core.ZoneCommit;
import dev.zonekeeper.core.ZoneSerial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Those who wait for a commit of one zone. All is guarded by the zone's lock.
 *
 * <p>Who comes without a serial waits for whatever named has applied by now: the next read of it
 * tells which serial that is. Such a one is a rider. Who waits for the sake of an update has the
 * update's number, 0 for the others: see {@link dev.zonekeeper.core.ZoneCommit}.
 */
final class Waiters {
  /** One that waits. */
  final class Waiter {
    private final Condition signal = lock.newCondition();
    private final long update;
    private Optional<ZoneSerial> serial;
    private long readAt = System.nanoTime();
    private boolean done;
    private Optional<String> failure = Optional.empty();

    private Waiter(Optional<ZoneSerial> serial, long update) {
      this.serial = serial;
      this.update = update;
    }

    /**
     * Blocks until the serial is committed, or it is said that it will not be, or the time is over.
     *
     * @return whether it is committed
     */
    boolean await(long nanos) throws InterruptedException {
      long left = nanos;
      while (!done && failure.isEmpty() && left > 0) {
        left = signal.awaitNanos(left);
      }
      if (!done) {
        all.remove(this);
      }
      return done;
    }

    /** Why it will not be committed, if that was said. */
    Optional<String> failure() {
      return failure;
    }

    void rideTo(ZoneSerial read) {
      serial = Optional.of(read);
      readAt = System.nanoTime();
    }

    /** When its serial became known, by {@link System#nanoTime}. */
    long readAt() {
      return readAt;
    }
  }

  private final ReentrantLock lock;
  private final List<Waiter> all = new ArrayList<>();

  Waiters(ReentrantLock lock) {
    this.lock = lock;
  }

  /** A new one, for a serial or, without one, for whatever is applied by now. */
  Waiter add(Optional<ZoneSerial> serial, long update) {
    Waiter waiter = new Waiter(serial, update);
    all.add(waiter);
    return waiter;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  List<Waiter> riders() {
    return all.stream().filter(w -> w.serial.isEmpty()).toList();
  }

  long riderCount() {
    return all.stream().filter(w -> w.serial.isEmpty()).count();
  }

  /** The last update whose serial is known, 0 for none. */
  long lastUpdate() {
    return all.stream().filter(w -> w.serial.isPresent()).mapToLong(w -> w.update).max().orElse(0);
  }

  /** What their serials meant holds no more. */
  void makeAllRiders() {
    all.forEach(w -> w.serial = Optional.empty());
  }

  /** Lets those go for which the leader has what it needs; whether there was any. */
  boolean release(ZoneCommit commit) {
    return all.removeIf(w -> {
      w.done = w.serial.filter(commit::isCommitted).isPresent() && commit.ledAfter(w.update);
      if (w.done) {
        w.signal.signal();
      }
      return w.done;
    });
  }

  /** Nobody's update will be committed any more, as far as is known here. */
  void failAll(String why) {
    all.forEach(w -> {
      w.failure = Optional.of(why);
      w.signal.signal();
    });
    all.clear();
  }
}
