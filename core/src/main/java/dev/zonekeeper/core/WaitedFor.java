package dev.zonekeeper.core;

import dev.zonekeeper.core.Standing.Heard;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Whom the leader's commits wait for, while the in-sync set changes. */
final class WaitedFor {
  private WaitedFor() {}

  /** The lease that this member holds names others in sync now. */
  static void leaseNames(Turn t, Set<MemberId> before, Lease now) {
    Set<MemberId> leaving = new HashSet<>(before);
    leaving.removeAll(now.inSync());
    if (!leaving.isEmpty()) {
      t.s.removedIn = now.edition();
    }
    leaving.addAll(t.s.leaving);
    leaving.removeAll(now.inSync());
    t.s.leaving = Set.copyOf(leaving);
  }

  /**
   * Whether the copy of the lease on its disk names nobody of this term who is not in sync any
   * more. If the lease is deleted, it is made anew from the newest copy: so any disk that is left
   * of the in-sync set has one that names only members that hold what was acknowledged.
   */
  static boolean hasKeptRemovals(Turn t, MemberId member) {
    Heard heard = t.s.followers.get(member.name());
    return heard != null && heard.id().equals(member) && !heard.kept().isOlderThan(t.s.removedIn);
  }

  private static void letGo(Turn t) {
    if (t.s.inSync().stream()
        .filter(member -> !member.equals(t.s.self))
        .allMatch(member -> hasKeptRemovals(t, member))) {
      t.s.leaving = Set.of();
    }
  }

  /**
   * Commits wait for whoever the lease names, or the copy of it on the disk of a member that it
   * names, whoever a change of it under way may name, and whoever joins: waiting begins before the
   * lease is written and ends when it is written and kept.
   */
  static void tell(Turn t) {
    letGo(t);
    Set<MemberId> members = new HashSet<>(t.s.inSync());
    members.addAll(t.s.leaving);
    members.addAll(t.s.joining.keySet());
    members.addAll(t.s.doubtful);
    t.s.kept.lease().ifPresent(l -> members.addAll(l.inSync()));
    t.s.pending.ifPresent(p -> members.addAll(p.next().inSync()));
    members.remove(t.s.self);
    Action.WaitFor waitFor = new Action.WaitFor(Set.copyOf(members), t.s.settings.requiredInSync());
    if (!t.s.waitsFor.equals(Optional.of(waitFor))) {
      t.s.waitsFor = Optional.of(waitFor);
      t.act(waitFor);
    }
  }
}
