package dev.zonekeeper.core;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the protocol is told by the configuration.
 *
 * @param primarySet the names of all members that may take writes
 * @param minInSync how many members, the leader included, must hold an update before it is
 *     acknowledged; at least 1, and never more than the primary set has
 * @param leaseDuration how long followers respect a lease that does not change
 * @param renewEvery how often the leader renews it
 * @param silenceLimit how long a leader may be silent before a follower suspects it
 */
public record Settings(
    Set<String> primarySet,
    int minInSync,
    Duration leaseDuration,
    Duration renewEvery,
    Duration silenceLimit) {

  public Settings {
    primarySet = Set.copyOf(primarySet);
    if (primarySet.isEmpty()) {
      throw new IllegalArgumentException("the primary set is empty");
    }
    if (minInSync < 1) {
      throw new IllegalArgumentException("minInSync " + minInSync + ": expected 1 or more");
    }
  }

  /** How many members of the primary set must agree that the leader is gone. */
  public int majority() {
    return primarySet.size() / 2 + 1;
  }

  /**
   * The smallest epoch above that one which this member may begin. The epochs are dealt out in
   * turn, in the order of the names, so none ever has two leaders: not even after the lease was
   * deleted, when nothing else tells a proposal that arrives late from one that is new.
   */
  long nextEpochOf(String member, long above) {
    int place = new TreeSet<>(primarySet).headSet(member).size();
    return above + 1 + Math.floorMod(place - above, primarySet.size());
  }

  /** How many in-sync members a commit needs, the leader included. */
  public int requiredInSync() {
    return Math.min(minInSync, primarySet.size());
  }
}
