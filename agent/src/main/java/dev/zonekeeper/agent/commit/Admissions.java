package dev.zonekeeper.agent.commit;

import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.ZoneSerial;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.xbill.DNS.Name;

/**
 * The way of a member into the in-sync set, as seen from the commits: it holds what is committed in
 * every zone ("caught up"); then commits wait for it; then it has confirmed what each zone held at
 * that moment ("covered").
 */
final class Admissions {
  private final Supplier<Collection<ZoneCommitter>> zones;
  private final TermEvents events;
  private Set<MemberId> candidates = Set.of();
  private Set<MemberId> waitedFor = Set.of();
  private final Map<MemberId, Map<Name, ZoneSerial>> uncovered = new HashMap<>();

  Admissions(Supplier<Collection<ZoneCommitter>> zones, TermEvents events) {
    this.zones = zones;
    this.events = events;
  }

  synchronized void reset() {
    candidates = Set.of();
    waitedFor = Set.of();
    uncovered.clear();
  }

  /** Members that live outside of the in-sync set. */
  synchronized void candidates(Set<MemberId> members) {
    candidates = Set.copyOf(members);
  }

  /** Commits wait for these from now on; what the zones hold now is what a new one must confirm. */
  synchronized void waitedFor(Set<MemberId> members) {
    Set<MemberId> added = new HashSet<>(members);
    added.removeAll(waitedFor);
    waitedFor = Set.copyOf(members);
    uncovered.keySet().retainAll(members);
    for (MemberId member : added) {
      Map<Name, ZoneSerial> heads = new HashMap<>();
      for (ZoneCommitter zone : zones.get()) {
        heads.put(zone.zone(), zone.head().orElse(null));
      }
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
      if (!waitedFor.contains(candidate) && zones.get().stream().allMatch(z -> has(z, candidate))) {
        events.caughtUp(candidate);
      }
    }
    for (Map.Entry<MemberId, Map<Name, ZoneSerial>> entry : Map.copyOf(uncovered).entrySet()) {
      Map<Name, ZoneSerial> left = entry.getValue();
      for (ZoneCommitter zone : zones.get()) {
        if (left.containsKey(zone.zone()) && covers(zone, entry.getKey(), left)) {
          left.remove(zone.zone());
        }
      }
      left.keySet().retainAll(zones.get().stream().map(ZoneCommitter::zone).toList());
      if (left.isEmpty()) {
        uncovered.remove(entry.getKey());
        events.covered(entry.getKey());
      }
    }
  }

  private static boolean has(ZoneCommitter zone, MemberId member) {
    Optional<ZoneSerial> head = zone.head();
    Optional<ZoneSerial> line = zone.committed().or(zone::head);
    return head.isPresent() && zone.hasConfirmed(member, line.orElse(head.get()));
  }

  /** A zone that had not been raised when waiting began is covered by any serial of this epoch. */
  private static boolean covers(ZoneCommitter zone, MemberId member, Map<Name, ZoneSerial> left) {
    ZoneSerial needed = left.get(zone.zone());
    if (needed == null) {
      needed = zone.head().orElse(null);
      left.put(zone.zone(), needed);
    }
    return needed != null && zone.hasConfirmed(member, needed);
  }
}
