package dev.zonekeeper.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The one record that says who leads. It is changed by compare-and-swap only.
 *
 * @param holder the leader's name; empty when the last leader has released the lease
 * @param epoch goes up by at least one with every new term of a leader
 * @param revision goes up by one with every change; orders copies of the lease that members keep
 * @param renewedAt when the holder wrote it last, by the holder's clock. For people; no decision
 *     rests on it
 * @param duration how long a lease that does not change is respected
 * @param inSync the members that hold every acknowledged update; only they may take over
 * @param handoverTo with a holder: the operator asks that member to hand over to this one.
 *     Released: the member that the last leader chose
 */
public record Lease(
    Optional<String> holder,
    long epoch,
    long revision,
    Instant renewedAt,
    Duration duration,
    Set<MemberId> inSync,
    Optional<String> handoverTo) {

  public Lease {
    inSync = Set.copyOf(inSync);
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch " + epoch + ": expected 1 or more");
    }
  }

  public boolean isHeldBy(String member) {
    return holder.isPresent() && holder.get().equals(member);
  }

  public boolean isInSync(MemberId member) {
    return inSync.contains(member);
  }

  /**
   * Which state of the lease this is. A lease that was deleted and made anew has a higher epoch,
   * but its revision may be lower than the last one of the deleted lease.
   */
  public record Edition(long epoch, long revision) {
    /** Before the first. */
    public static final Edition NONE = new Edition(0, 0);

    /** Whether this is an earlier state than the other. */
    boolean isOlderThan(Edition other) {
      return epoch != other.epoch ? epoch < other.epoch : revision < other.revision;
    }
  }

  /** All of a state but the time and what is asked of the holder. */
  record Essence(Edition edition, Optional<String> holder, Set<MemberId> inSync) {}

  Essence essence() {
    return new Essence(edition(), holder, inSync);
  }

  /** Whether this is the very next state after the other, and a mere renewal. */
  boolean renews(Lease other) {
    return essence().equals(other.next(renewedAt).essence());
  }

  public Edition edition() {
    return new Edition(epoch, revision);
  }

  boolean isOlderThan(Lease other) {
    return edition().isOlderThan(other.edition());
  }

  /** The names of the in-sync set, sorted. */
  public Collection<String> inSyncNames() {
    return inSync.stream().map(MemberId::name).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The same lease one revision on, written at that time. */
  public Lease next(Instant at) {
    return new Lease(holder, epoch, revision + 1, at, duration, inSync, handoverTo);
  }

  public Lease withHolder(Optional<String> newHolder) {
    return new Lease(newHolder, epoch, revision, renewedAt, duration, inSync, handoverTo);
  }

  public Lease withEpoch(long newEpoch) {
    return new Lease(holder, newEpoch, revision, renewedAt, duration, inSync, handoverTo);
  }

  public Lease withInSync(Set<MemberId> members) {
    return new Lease(holder, epoch, revision, renewedAt, duration, members, handoverTo);
  }

  public Lease withHandoverTo(Optional<String> target) {
    return new Lease(holder, epoch, revision, renewedAt, duration, inSync, target);
  }

  public Lease withDuration(Duration newDuration) {
    return new Lease(holder, epoch, revision, renewedAt, newDuration, inSync, handoverTo);
  }
}
