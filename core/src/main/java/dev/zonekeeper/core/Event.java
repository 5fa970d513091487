package dev.zonekeeper.core;

import java.util.Optional;

/** What a member can learn. Every change of its role begins with one of these. */
public sealed interface Event {

  /** Time has passed. */
  record Tick() implements Event {}

  /** The lease as it was read from the store; empty: there is none. */
  record LeaseSeen(Optional<SeenLease> lease) implements Event {}

  /** The lease could not be read: the store does not answer. */
  record LeaseUnread() implements Event {}

  /** A lease with the store's token for exactly this state of it. */
  record SeenLease(Lease lease, String version) {}

  /** The compare-and-swap that was asked for has been made. */
  record WriteApplied(SeenLease now) implements Event {}

  /** It was not made, because the lease is another by now. */
  record WriteConflict(Optional<SeenLease> now) implements Event {}

  /** Nobody knows whether it was made, or will be. */
  record WriteUnknown(String why) implements Event {}

  /** The leader answered a heartbeat in that epoch. */
  record LeaderHeard(long epoch) implements Event {}

  /**
   * The leader of that epoch asked for a confirmation: it lives. That does not make up for a
   * connection that was lost, for the question may have come before.
   */
  record CommitAsked(long epoch) implements Event {}

  /**
   * The lease as the leader has it. It tells who is in sync, also where the store does not answer.
   */
  record LeaseHeard(Lease lease) implements Event {}

  /** The connection to the leader was reset or refused. */
  record LeaderUnreachable() implements Event {}

  /** A member of the primary set says whether it still hears the leader of that epoch. */
  record Opinion(String member, long epoch, boolean hearsLeader) implements Event {}

  /** A member answered what it is, while there is no lease. */
  record Claimed(Claim claim) implements Event {}

  /**
   * To the leader: a heartbeat from a follower of the primary set.
   *
   * @param kept which edition of the lease is on its disk
   */
  record FollowerHeard(MemberId member, boolean ready, Lease.Edition kept) implements Event {}

  /**
   * How this member itself is.
   *
   * @param healthy named answers
   * @param ready healthy, and no full transfer is under way
   * @param fresh there is no data and there never was a lease
   * @param progress see {@link Claim#progress}
   */
  record LocalState(boolean healthy, boolean ready, boolean fresh, Optional<Long> progress)
      implements Event {}

  /** The zones are primary and answer; their serials may be raised and writes taken. */
  record Promoted(long epoch) implements Event {}

  /** named could not be made primary. */
  record PromotionFailed(long epoch, String why) implements Event {}

  /** Nothing is under way any more: what was not committed has been refused. */
  record Drained(long epoch) implements Event {}

  /** named is a secondary again. */
  record Demoted() implements Event {}

  /** To the leader: an in-sync or joining member did not confirm in time. */
  record Lagging(MemberId member) implements Event {}

  /** To the leader: a member confirms. */
  record Responding(MemberId member) implements Event {}

  /** To the leader: a member outside of the in-sync set is close to the last serials. */
  record CaughtUp(MemberId member) implements Event {}

  /** To the leader: a joining member has confirmed the last serial of every zone. */
  record Covered(MemberId member) implements Event {}

  /**
   * A message of this epoch has come in. If it is higher than ours, somebody leads whom we do not
   * know yet.
   */
  record HigherEpoch(long epoch) implements Event {}

  /** This is on the disk now. */
  record Remembered(Memory memory) implements Event {}

  /** To the leader: its serials need an epoch of at least this. */
  record EpochWanted(long atLeast) implements Event {}

  /** The configuration changed. */
  record SettingsChanged(Settings settings) implements Event {}

  /**
   * Data of this member was lost; it has promised nothing to anybody in this life. Only a follower
   * that is not ready can lose data this way.
   */
  record Reincarnated(MemberId self) implements Event {}

  /** The process was asked to end. */
  record ShutdownRequested() implements Event {}
}
