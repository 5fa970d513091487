package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.NotSentException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The way of a message to whoever leads: handled here, forwarded, or held until there is a leader.
 * As long as it is certain that nothing has happened, it is tried again, for a bounded time.
 */
final class LeaderRoute {

  /** What to do with a message once it is known where the leader is. */
  interface Attempt {

    /**
     * This member leads.
     *
     * @throws NotSentException nothing has happened: try again
     */
    Answer here(Leadership.Here view) throws NotSentException, InterruptedException;

    /**
     * Another member leads.
     *
     * @throws NotSentException nothing has happened: try again
     */
    Answer there(DnsPool leader) throws NotSentException, InterruptedException;
  }

  /** Where a message came in. */
  enum Origin {
    /** From a client: it may be forwarded. */
    CLIENT,
    /** From another member's gateway: it is never forwarded again. */
    PEER
  }

  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

  /** A member that forwards holds the message itself; here it is only bridged over a change. */
  private static final int PEER_HOLD_FRACTION = 4;

  private final Leadership leadership;
  private final Forwarding forwarding;
  private final Duration writeHold;
  private final GatewayCounters counters;
  private final LongSupplier nanoTime;

  LeaderRoute(
      Leadership leadership,
      Forwarding forwarding,
      Duration writeHold,
      GatewayCounters counters,
      LongSupplier nanoTime) {
    this.leadership = leadership;
    this.forwarding = forwarding;
    this.writeHold = writeHold;
    this.counters = counters;
    this.nanoTime = nanoTime;
  }

  /** Takes a message that has just arrived to the leader. */
  Answer take(Origin origin, Attempt attempt) throws InterruptedException {
    Duration hold = origin == Origin.CLIENT ? writeHold : writeHold.dividedBy(PEER_HOLD_FRACTION);
    long deadline = nanoTime.getAsLong() + hold.toNanos();
    Duration pause = FIRST_PAUSE;
    boolean held = false;
    while (true) {
      Leadership.View view = leadership.now();
      String why;
      Duration wait = pause;
      try {
        switch (view) {
          case Leadership.Here here -> {
            return attempt.here(here);
          }
          case Leadership.There there -> {
            if (origin == Origin.PEER) {
              return Answer.notLeader("this member does not lead, " + there.member() + " does");
            }
            return attempt.there(forwarding.to(there.member()));
          }
          case Leadership.Nobody nobody -> {
            why = nobody.why();
            wait = writeHold;
          }
        }
      } catch (NotSentException e) {
        why = e.getMessage();
        pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
      }
      Duration left = Duration.ofNanos(deadline - nanoTime.getAsLong());
      if (!left.isPositive()) {
        return Answer.notLeader("no leader: " + why);
      }
      if (!held) {
        held = true;
        counters.held();
      }
      leadership.awaitOther(view, min(wait, left));
    }
  }

  /** Whether this member leads no more in the epoch in which a message was begun. */
  boolean changedSince(Leadership.Here view) {
    return !leadership.now().equals(view);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
