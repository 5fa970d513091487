package dev.zonekeeper.agent.commit;

import dev.zonekeeper.core.MemberId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** The feeds of one zone, one per member. All is guarded by the zone's lock. */
final class Feeds {
  private final Map<MemberFeed.Target, MemberFeed> byTarget = new HashMap<>();
  private final Function<MemberFeed.Target, MemberFeed> maker;
  private final Predicate<MemberId> isNeeded;

  /**
   * Makes it, without any feed.
   *
   * @param isNeeded whether commits wait for the member
   */
  Feeds(Function<MemberFeed.Target, MemberFeed> maker, Predicate<MemberId> isNeeded) {
    this.maker = maker;
    this.isNeeded = isNeeded;
  }

  /** These are fed from now on, and no others. */
  void to(Set<MemberFeed.Target> targets) {
    byTarget
        .values()
        .removeIf(feed -> {
          boolean gone = !targets.contains(feed.target());
          if (gone) {
            feed.retire();
          }
          return gone;
        });
    for (MemberFeed.Target target : targets) {
      byTarget.computeIfAbsent(target, maker).poke();
    }
  }

  /** There may be something to send. */
  void pokeAll() {
    byTarget.values().forEach(MemberFeed::poke);
  }

  /** A new term: what the members hold has to be learnt anew. */
  void forgetAll() {
    byTarget.values().forEach(MemberFeed::forget);
  }

  /** Whether a member that commits wait for does not confirm. */
  boolean anyNeededLags() {
    return byTarget.values().stream().anyMatch(feed -> feed.isLagging() && isNeeded(feed));
  }

  /**
   * Whether every needed member has as many requests as it may have: the next read had better be
   * larger.
   */
  boolean allNeededAreFull() {
    Iterator<MemberFeed> needed = byTarget.values().stream().filter(this::isNeeded).iterator();
    boolean any = false;
    while (needed.hasNext()) {
      any = true;
      if (!needed.next().isFull()) {
        return false;
      }
    }
    return any;
  }

  private boolean isNeeded(MemberFeed feed) {
    return isNeeded.test(feed.target().id());
  }
}
