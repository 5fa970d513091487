package dev.zonekeeper.core;

import java.util.Optional;
import java.util.Set;

/** What a member has to do, in this order, after an event. */
public sealed interface Action {

  /** Read the lease and report {@link Event.LeaseSeen}. */
  record ReadLease() implements Action {}

  /**
   * Compare-and-swap the lease (empty version: create it) and report {@link Event.WriteApplied},
   * {@link Event.WriteConflict} or {@link Event.WriteUnknown}.
   */
  record WriteLease(Optional<String> expectedVersion, Lease next) implements Action {}

  /**
   * Keep this on the disk, and report {@link Event.Remembered} when it is there. Until then this
   * member confirms nothing in the new epoch and takes no writes in it, and its commits wait for
   * the members of the lease it kept before, too.
   */
  record Remember(Memory memory) implements Action {}

  /** Make named the primary and report {@link Event.Promoted} or {@link Event.PromotionFailed}. */
  record Promote(long epoch) implements Action {}

  /** Take writes in this epoch; zones whose serial is of another epoch are raised first. */
  record TakeWrites(long epoch) implements Action {}

  /** From now on a commit needs a confirmation of each of these, and {@code required} in all. */
  record WaitFor(Set<MemberId> members, int required) implements Action {}

  /** Hold new writes, finish those under way, and report {@link Event.Drained}. */
  record Drain(long epoch) implements Action {}

  /** Refuse what is not committed, make named a secondary, and report {@link Event.Demoted}. */
  record Demote(String why) implements Action {}

  /** Ask the other members of the primary set whether they hear the leader of this epoch. */
  record AskOpinions(long epoch) implements Action {}

  /** Ask the other members of the primary set what they are, and report {@link Event.Claimed}. */
  record AskClaims() implements Action {}

  /** Send the leader a heartbeat at once: it waits for what it says. */
  record TellLeader() implements Action {}

  /** End the process. */
  record Stop() implements Action {}

  /** Tell the operator, in words. */
  record Say(String sentence) implements Action {}
}
