package dev.zonekeeper.core;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How far one zone is committed, at the leader, within one epoch.
 *
 * <p>A serial is committed when every member that commits wait for has confirmed it, or a later one
 * of this epoch, and when these are enough. Confirmations of serials that are not of this epoch do
 * not count: only within an epoch does a serial have one meaning for sure.
 *
 * <p>An update that changes nothing, or that is refused, has no serial of its own. Its answer tells
 * of the zone's content all the same, and a leader that was deposed and does not know it would
 * answer from an old one. So each update that is taken has a number, and every request to a member
 * says how many had been taken when it was sent: what is confirmed later than an update came shows
 * that the member followed nobody else until then.
 *
 * @param epoch the epoch whose serials count
 * @param waitsFor the members whose confirmation is needed, this member not among them
 * @param required how many members in all, this one included, must hold a committed serial
 * @param head the last serial that the leader's named is known to hold durably; empty until the
 *     zone has been raised into the epoch
 * @param committed the last committed serial of this epoch
 * @param confirmed what each member has confirmed
 * @param heard how many updates had been taken when each member was asked what it has confirmed
 *     last
 */
public record ZoneCommit(
    long epoch,
    Set<MemberId> waitsFor,
    int required,
    Optional<ZoneSerial> head,
    Optional<ZoneSerial> committed,
    Map<MemberId, ZoneSerial> confirmed,
    Map<MemberId, Long> heard) {

  /** A zone at the begin of an epoch. */
  public static ZoneCommit starting(long epoch, Set<MemberId> waitsFor, int required) {
    return new ZoneCommit(
        epoch,
        Set.copyOf(waitsFor),
        required,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Map.of());
  }

  /** The leader's named holds this serial. Serials of other epochs are ignored. */
  public ZoneCommit applied(ZoneSerial serial) {
    if (!serial.isOf(epoch) || (head.isPresent() && !serial.isAfter(head.get()))) {
      return this;
    }
    return new ZoneCommit(
            epoch, waitsFor, required, Optional.of(serial), committed, confirmed, heard)
        .recount();
  }

  /** A member durably holds this serial. Serials of other epochs are ignored. */
  public ZoneCommit confirmedBy(MemberId member, ZoneSerial serial) {
    ZoneSerial before = confirmed.get(member);
    if (!serial.isOf(epoch) || (before != null && !serial.isAfter(before))) {
      return this;
    }
    Map<MemberId, ZoneSerial> next = new HashMap<>(confirmed);
    next.put(member, serial);
    return new ZoneCommit(epoch, waitsFor, required, head, committed, Map.copyOf(next), heard)
        .recount();
  }

  /**
   * A member has confirmed something in this epoch.
   *
   * @param taken how many updates had been taken when it was asked
   */
  public ZoneCommit heardFrom(MemberId member, long taken) {
    if (heard.getOrDefault(member, 0L) >= taken) {
      return this;
    }
    Map<MemberId, Long> next = new HashMap<>(heard);
    next.put(member, taken);
    return new ZoneCommit(epoch, waitsFor, required, head, committed, confirmed, Map.copyOf(next));
  }

  /**
   * Whether this member still led when an update had come: since then each member that commits wait
   * for has confirmed something in this epoch, and no commit was possible without them.
   *
   * @param number of the update; 0 for none
   */
  public boolean ledAfter(long number) {
    return number == 0
        || (waitsFor.size() + 1 >= required
            && waitsFor.stream().allMatch(m -> heard.getOrDefault(m, 0L) >= number));
  }

  /** The members that commits wait for have changed. */
  public ZoneCommit waitingFor(Set<MemberId> members, int requiredNow) {
    return new ZoneCommit(
            epoch, Set.copyOf(members), requiredNow, head, committed, confirmed, heard)
        .recount();
  }

  public boolean isCommitted(ZoneSerial serial) {
    return committed.isPresent() && committed.get().isAtLeast(serial);
  }

  /** Whether all that the leader holds is committed. */
  public boolean isSettled() {
    return head.isPresent() && isCommitted(head.get());
  }

  public boolean hasConfirmed(MemberId member, ZoneSerial serial) {
    ZoneSerial there = confirmed.get(member);
    return there != null && there.isAtLeast(serial);
  }

  private ZoneCommit recount() {
    if (head.isEmpty() || waitsFor.size() + 1 < required) {
      return this;
    }
    ZoneSerial lowest = head.get();
    for (MemberId member : waitsFor) {
      ZoneSerial there = confirmed.get(member);
      if (there == null) {
        return this;
      }
      if (lowest.isAfter(there)) {
        lowest = there;
      }
    }
    if (isCommitted(lowest)) {
      return this;
    }
    return new ZoneCommit(epoch, waitsFor, required, head, Optional.of(lowest), confirmed, heard);
  }
}
