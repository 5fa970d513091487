package dev.zonekeeper.core.simulation;

import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The lease store. A compare-and-swap can get lost before or after it was made, or be made long
 * after it was given up; reads and watches can be late.
 */
final class Store {
  private static final long TIME_OUT = 500 * Clockwork.MILLI;

  private static final int REMEMBERED = 10;

  /** The silence limit, by the slowest clock there is. */
  private static final long LATELY = 340 * Clockwork.MILLI;

  /** A compare-and-swap that has not arrived yet. */
  private record Proposal(Optional<String> expected, Lease next) {}

  private final Clockwork clock;
  private final Cluster cluster;
  private Optional<Event.SeenLease> lease = Optional.empty();
  private Optional<Lease> last = Optional.empty();
  private long madeAnew = Long.MIN_VALUE / 2;
  private final Set<Proposal> underWay = new HashSet<>();
  private long version;
  private boolean away;
  private final Set<String> cutOff = new HashSet<>();
  private final Map<String, Optional<Event.SeenLease>> frozen = new HashMap<>();
  private double trouble;
  private double oldReads;
  private final List<Optional<Event.SeenLease>> past = new ArrayList<>();

  Store(Clockwork clock, Cluster cluster) {
    this.clock = clock;
    this.cluster = cluster;
  }

  Optional<Lease> lease() {
    return lease.map(Event.SeenLease::lease);
  }

  /** The lease, or the last one before it was deleted, and what it may be next. */
  List<Lease> lastAndNext() {
    List<Lease> leases = new ArrayList<>();
    last.ifPresent(leases::add);
    Optional<String> current = lease.map(Event.SeenLease::version);
    underWay.stream()
        .filter(p -> p.expected().equals(current))
        .map(Proposal::next)
        .forEach(leases::add);
    return leases;
  }

  void away(boolean isAway) {
    away = isAway;
  }

  /** Only this member cannot reach the store, or can again. */
  void cutOff(String member, boolean isCutOff) {
    if (isCutOff) {
      cutOff.add(member);
    } else {
      cutOff.remove(member);
    }
  }

  /** What this member reads stays as it is now, as from a replica that is behind, or no longer. */
  void freeze(String member, boolean isFrozen) {
    if (isFrozen) {
      frozen.put(member, lease);
    } else {
      frozen.remove(member);
    }
  }

  private boolean isAwayFor(Life life) {
    return away || cutOff.contains(life.name());
  }

  /** The share of writes whose outcome is not learnt. */
  void trouble(double share) {
    trouble = share;
  }

  /** The share of reads that show the lease as it was some changes ago. */
  void oldReads(double share) {
    oldReads = share;
  }

  /**
   * The lease is deleted by hand, perhaps while somebody is making it anew. A create that comes
   * late finds no lease after a second deletion as after the first, and may name a maker that has
   * missed a term since: no store tells them apart. So may a member that goes by what another said
   * shortly before that one made it anew. Then nothing is promised but that a serial means one
   * content.
   */
  void delete() {
    boolean beingMade = underWay.stream().anyMatch(p -> p.expected().isEmpty());
    if (lease.isPresent()) {
      if (beingMade || clock.now() - madeAnew < LATELY) {
        cluster.checker().excuseLoss();
      }
      lease = Optional.empty();
      keepForOldReads();
      clock.did(Clockwork.Deed.LEASE_DELETED);
      clock.tell(() -> "store: the lease is deleted");
      watch();
    }
  }

  /** An operator asks the leader to hand over. */
  void askHandover(String target) {
    lease.ifPresent(seen -> {
      clock.tell(() -> "operator: hand over to " + target);
      put(seen.lease().next(seen.lease().renewedAt()).withHandoverTo(Optional.of(target)));
    });
  }

  void read(Life reader) {
    long there = delay();
    clock.after(
        there,
        () -> {
          if (!isAwayFor(reader)) {
            Optional<Event.SeenLease> seen =
                clock.maybe(oldReads) && !past.isEmpty()
                    ? clock.oneOf(past)
                    : frozen.getOrDefault(reader.name(), lease);
            clock.after(delay(), () -> reader.event(new Event.LeaseSeen(seen)));
          } else {
            clock.after(TIME_OUT, () -> reader.event(new Event.LeaseUnread()));
          }
        });
  }

  /** Exactly one answer comes back, in the end. */
  void compareAndSet(Life writer, Optional<String> expected, Lease next) {
    Runnable unknown =
        () -> {
          clock.did(Clockwork.Deed.WRITE_UNKNOWN);
          writer.event(new Event.WriteUnknown("time-out"));
        };
    Proposal proposal = new Proposal(expected, next);
    underWay.add(proposal);
    cluster.proposed(next);
    if (clock.maybe(trouble)) {
      clock.after(TIME_OUT, unknown);
      if (clock.maybe(0.7)) {
        clock.after(
            clock.between(0, 6 * TIME_OUT),
            () -> {
              if (!away && swap(proposal)) {
                clock.did(Clockwork.Deed.LATE_WRITE_APPLIED);
              }
            });
      }
      return;
    }
    clock.after(
        delay(),
        () -> {
          if (isAwayFor(writer)) {
            clock.after(TIME_OUT, unknown);
            return;
          }
          boolean made = swap(proposal);
          Optional<Event.SeenLease> current = lease;
          clock.after(
              delay(),
              () ->
                  writer.event(
                      made
                          ? new Event.WriteApplied(current.orElseThrow())
                          : new Event.WriteConflict(current)));
        });
  }

  private boolean swap(Proposal proposal) {
    underWay.remove(proposal);
    if (!lease.map(Event.SeenLease::version).equals(proposal.expected())) {
      return false;
    }
    put(proposal.next());
    return true;
  }

  private void put(Lease next) {
    Optional<Lease> before = last;
    if (lease.isEmpty()) {
      madeAnew = clock.now();
    }
    lease = Optional.of(new Event.SeenLease(next, "version-" + ++version));
    last = Optional.of(next);
    keepForOldReads();
    cluster.checker().leaseChanged(before, next);
    watch();
  }

  private void keepForOldReads() {
    past.add(lease);
    if (past.size() > REMEMBERED) {
      past.removeFirst();
    }
  }

  private void watch() {
    Optional<Event.SeenLease> seen = lease;
    for (Node node : cluster.nodes()) {
      node.life()
          .filter(
              l -> clock.maybe(0.7) && !cutOff.contains(l.name()) && !frozen.containsKey(l.name()))
          .ifPresent(l -> clock.after(delay(), () -> l.event(new Event.LeaseSeen(seen))));
    }
  }

  private long delay() {
    return clock.maybe(0.05)
        ? clock.between(0, 300 * Clockwork.MILLI)
        : clock.between(50, 3 * Clockwork.MILLI);
  }
}
