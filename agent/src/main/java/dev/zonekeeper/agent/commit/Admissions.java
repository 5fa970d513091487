package dev.zonekeeper.agent.commit;

import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.ZoneSerial;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.Name;

/**
 * The way of a member into the in-sync set, as seen from the commits: it holds what is committed in
 * every zone ("caught up"); then commits wait for it; then it has confirmed what each zone held at
 * that moment ("covered").
 */
final class Admissions {
  private final Map<Name, ZoneCommitter> zones;
  private final TermEvents events;
  private Set<MemberId> candidates = Set.of();
  private Set<MemberId> waitedFor = Set.of();
  private final Map<MemberId, Map<Name, ZoneSerial>> uncovered = new HashMap<>();

  /** A zone that the candidate did not hold at the last look, where the next one begins. */
  private final Map<MemberId, Name> lacking = new HashMap<>();

  Admissions(Map<Name, ZoneCommitter> zones, TermEvents events) {
    this.zones = zones;
    this.events = events;
  }

  synchronized void reset() {
    candidates = Set.of();
    waitedFor = Set.of();
    uncovered.clear();
    lacking.clear();
  }

  /** Members that live outside of the in-sync set. */
  synchronized void candidates(Set<MemberId> members) {
    candidates = Set.copyOf(members);
    lacking.keySet().retainAll(candidates);
  }

  /** Commits wait for these from now on; what the zones hold now is what a new one must confirm. */
  synchronized void waitedFor(Set<MemberId> members) {
    Set<MemberId> added = new HashSet<>(members);
    added.removeAll(waitedFor);
    waitedFor = Set.copyOf(members);
    uncovered.keySet().retainAll(members);
    for (MemberId member : added) {
      Map<Name, ZoneSerial> heads = new HashMap<>();
      zones.forEach((name, zone) -> heads.put(name, zone.head().orElse(null)));
      uncovered.put(member, heads);
    }
  }

  /**
   * Whether commits wait for the member and it has confirmed all that was there when that began.
   */
  synchronized boolean isCovered(MemberId member) {
    return waitedFor.contains(member) && !uncovered.containsKey(member);
  }

  /** Looks how far everybody is. */
  synchronized void look() {
    for (MemberId candidate : candidates) {
      if (!waitedFor.contains(candidate) && holdsAll(candidate)) {
        events.caughtUp(candidate);
      }
    }
    uncovered
        .entrySet()
        .removeIf(entry -> {
          MemberId member = entry.getKey();
          Map<Name, ZoneSerial> left = entry.getValue();
          left.entrySet().removeIf(needed -> isCovered(needed, member));
          if (left.isEmpty()) {
            events.covered(member);
          }
          return left.isEmpty();
        });
  }

  private boolean holdsAll(MemberId candidate) {
    Name last = lacking.get(candidate);
    ZoneCommitter first = last == null ? null : zones.get(last);
    if (first != null && !has(first, candidate)) {
      return false;
    }
    for (Map.Entry<Name, ZoneCommitter> zone : zones.entrySet()) {
      if (!has(zone.getValue(), candidate)) {
        lacking.put(candidate, zone.getKey());
        return false;
      }
    }
    return true;
  }

  private static boolean has(ZoneCommitter zone, MemberId member) {
    Optional<ZoneSerial> head = zone.head();
    Optional<ZoneSerial> line = zone.committed().or(zone::head);
    return head.isPresent() && zone.hasConfirmed(member, line.orElse(head.get()));
  }

  /** A zone that had not been raised when waiting began is covered by any serial of this epoch. */
  private boolean isCovered(Map.Entry<Name, ZoneSerial> needed, MemberId member) {
    ZoneCommitter zone = zones.get(needed.getKey());
    if (zone == null) {
      return true; // it was removed
    }
    if (needed.getValue() == null) {
      needed.setValue(zone.head().orElse(null));
    }
    return needed.getValue() != null && zone.hasConfirmed(member, needed.getValue());
  }
}
