package dev.zonekeeper.agent.follow;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How named is made to pull what is in the change log when nobody waits for it: not at once, as
 * each pull costs it the same, whatever it brings, and the later, the more zones wait, so that they
 * have some hundred pulls a second together; and never many zones at a time.
 */
final class Pace {
  private static final Duration PER_ZONE = Duration.ofMillis(10);
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofMillis(400);

  private static final int ZONES_AT_A_TIME = 32;
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Semaphore places = new Semaphore(ZONES_AT_A_TIME);
  private int waiting;

  /** A zone begins to wait; returns for how long. */
  synchronized Duration begin() {
    waiting++;
    Duration share = PER_ZONE.multipliedBy(waiting);
    if (share.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return share.compareTo(LONGEST) < 0 ? share : LONGEST;
  }

  /** A zone has waited. */
  synchronized void end() {
    waiting--;
  }

  /** Waits a moment for a place; true when there is one. */
  boolean entersSoon() throws InterruptedException {
    return places.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A place is free again. */
  void leave() {
    places.release();
  }
}
