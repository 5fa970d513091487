package dev.zonekeeper.core;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How the in-sync set changes. It is a plain set; these are the rules for it. */
final class InSync {
  private InSync() {}

  /** The set without the member of that name, unless that is {@code self}. */
  static Set<MemberId> without(Set<MemberId> inSync, Optional<String> name, MemberId self) {
    Set<MemberId> next = new HashSet<>(inSync);
    next.removeIf(m -> name.isPresent() && m.name().equals(name.get()) && !m.equals(self));
    return next;
  }

  /**
   * The set a leader wants: without those that lag, with those that are covered. A member that
   * joins replaces an older incarnation of itself. If that left too few for any commit, nobody is
   * removed: it would help nobody, and each member of the set is one more that may take over.
   */
  static Set<MemberId> wanted(
      Set<MemberId> inSync,
      Set<MemberId> lagging,
      Map<MemberId, Boolean> joining,
      MemberId self,
      int required) {
    Set<MemberId> grown = new HashSet<>(inSync);
    joining.forEach((member, covered) -> {
      if (covered) {
        grown.removeIf(m -> m.name().equals(member.name()));
        grown.add(member);
      }
    });
    grown.add(self);
    Set<MemberId> shrunk = new HashSet<>(grown);
    shrunk.removeAll(lagging);
    shrunk.add(self);
    return shrunk.size() >= required ? shrunk : grown;
  }
}
