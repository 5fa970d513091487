package dev.zonekeeper.agent.follow;

import java.time.Duration;

/**
 * How long named is left alone before it pulls what is in the change log: each pull costs it the
 * same, whatever it brings. The longer, the more zones wait, so that they have some hundred pulls a
 * second together.
 */
final class Pace {
  private static final Duration PER_ZONE = Duration.ofMillis(10);
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofMillis(400);

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
}
