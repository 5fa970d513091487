package dev.zonekeeper.campaign.fault;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Does one fault after the other until time is up. Which, to whom, and for how long is drawn from
 * the seed; each kind comes once before any comes again. Some happen within another. Sometimes it
 * waits until the servers are whole before the next, sometimes it does not.
 */
public final class Scheduler {
  private static final Duration MOST_PAUSE = Duration.ofMillis(1500);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final int WAITS_PERCENT = 60;
  private static final int SECOND_PERCENT = 25;

  private final Subject subject;
  private final List<FaultKind> kinds;
  private final Random random;
  private final Consumer<String> progress;
  private final List<Fault> done = Collections.synchronizedList(new ArrayList<>());
  private final List<FaultKind> bag = new ArrayList<>();

  /**
   * A scheduler.
   *
   * @param kinds what to do, at least one
   * @param progress is told what is done
   */
  public Scheduler(Subject subject, List<FaultKind> kinds, long seed, Consumer<String> progress) {
    this.subject = subject;
    this.kinds = List.copyOf(kinds);
    this.random = new Random(seed);
    this.progress = progress;
  }

  /** What has been done and undone so far, by the time of its start. */
  public List<Fault> done() {
    synchronized (done) {
      return done.stream().sorted(Comparator.comparingLong(Fault::startNanos)).toList();
    }
  }

  /**
   * Does faults; all are undone when it returns.
   *
   * @param endNanos when to begin no other, {@link System#nanoTime()}
   */
  public void run(long endNanos) throws InterruptedException {
    while (true) {
      pause(random(Duration.ZERO, MOST_PAUSE));
      if (System.nanoTime() - endNanos >= 0) {
        return;
      }
      one(next(), random.nextInt(100) < SECOND_PERCENT);
      if (random.nextInt(100) < WAITS_PERCENT) {
        awaitWhole(endNanos);
      }
    }
  }

  private void one(FaultKind kind, boolean another) throws InterruptedException {
    Duration hold = random(kind.leastHold(), kind.mostHold());
    long start = System.nanoTime();
    try {
      Optional<Injection> injection = subject.inject(kind, random);
      if (injection.isEmpty()) {
        return;
      }
      progress.accept(
          "%s %s for %.1f s"
              .formatted(kind.word(), injection.get().target(), hold.toMillis() / 1e3));
      try {
        pause(hold.dividedBy(2));
        if (another) {
          one(next(), false);
        }
        pause(hold.dividedBy(2));
      } finally {
        undo(injection.get());
        done.add(new Fault(kind, injection.get().target(), start, System.nanoTime()));
      }
    } catch (IOException failed) {
      progress.accept(kind.word() + " failed: " + failed.getMessage());
      repair();
    }
  }

  private void undo(Injection injection) throws InterruptedException {
    try {
      injection.undo().run();
    } catch (IOException failed) {
      progress.accept("not undone by itself: " + failed.getMessage());
      repair();
    }
  }

  private void repair() throws InterruptedException {
    try {
      subject.repair();
    } catch (IOException failed) {
      progress.accept("not repaired yet: " + failed.getMessage());
    }
  }

  private void awaitWhole(long endNanos) throws InterruptedException {
    long deadline = Math.min(endNanos, System.nanoTime() + subject.patience().toNanos());
    while (System.nanoTime() - deadline < 0) {
      if (subject.missing().isEmpty()) {
        return;
      }
      pause(LOOK_AGAIN);
    }
    repair();
  }

  private FaultKind next() {
    if (bag.isEmpty()) {
      bag.addAll(kinds);
      Collections.shuffle(bag, random);
    }
    return bag.removeLast();
  }

  private Duration random(Duration least, Duration most) {
    return least.plusMillis(random.nextLong(most.minus(least).toMillis() + 1));
  }

  private static void pause(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }
}
