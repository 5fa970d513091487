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
 * @param epoch the epoch whose serials count
 * @param waitsFor the members whose confirmation is needed, this member not among them
 * @param required how many members in all, this one included, must hold a committed serial
 * @param head the last serial that the leader's named is known to hold durably; empty until the
 *     zone has been raised into the epoch
 * @param committed the last committed serial of this epoch
 * @param confirmed what each member has confirmed
 */
public record ZoneCommit(
    long epoch,
    Set<MemberId> waitsFor,
    int required,
    Optional<ZoneSerial> head,
    Optional<ZoneSerial> committed,
    Map<MemberId, ZoneSerial> confirmed) {

  /** A zone at the begin of an epoch. */
  public static ZoneCommit starting(long epoch, Set<MemberId> waitsFor, int required) {
    return new ZoneCommit(
        epoch, Set.copyOf(waitsFor), required, Optional.empty(), Optional.empty(), Map.of());
  }

  /** The leader's named holds this serial. Serials of other epochs are ignored. */
  public ZoneCommit applied(ZoneSerial serial) {
    if (!serial.isOf(epoch) || (head.isPresent() && !serial.isAfter(head.get()))) {
      return this;
    }
    return new ZoneCommit(epoch, waitsFor, required, Optional.of(serial), committed, confirmed)
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
    return new ZoneCommit(epoch, waitsFor, required, head, committed, Map.copyOf(next)).recount();
  }

  /** The members that commits wait for have changed. */
  public ZoneCommit waitingFor(Set<MemberId> members, int requiredNow) {
    return new ZoneCommit(epoch, Set.copyOf(members), requiredNow, head, committed, confirmed)
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
    return new ZoneCommit(epoch, waitsFor, required, head, Optional.of(lowest), confirmed);
  }
}
