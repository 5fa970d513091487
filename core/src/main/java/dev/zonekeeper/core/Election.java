package dev.zonekeeper.core;

/**
 * The protocol of one member of the primary set as a pure function: what it is and an event go in,
 * what it becomes and what it has to do come out. {@link Role} shows the transitions.
 */
public final class Election {
  private Election() {}

  /** Lets one event happen. The same input gives the same decision, always. */
  public static Decision step(Standing standing, Event event, Moment now) {
    Turn t = new Turn(standing, now);
    takeIn(t, event);
    switch (t.s.role) {
      case Role.Following r -> FollowerTurn.act(t);
      case Role.Contending r -> {}
      case Role.Promoting r -> LeaderTurn.act(t);
      case Role.Leading r -> LeaderTurn.act(t);
      case Role.Draining r -> LeaderTurn.act(t);
      case Role.Releasing r -> LeaderTurn.act(t);
      case Role.Demoting r -> {}
      case Role.Stopped r -> {}
    }
    return t.decision();
  }

  private static void takeIn(Turn t, Event event) {
    switch (event) {
      case Event.Tick e -> {
        if (!t.s.leaseRead || t.s.pending.filter(Standing.Pending::unknown).isPresent()) {
          t.act(new Action.ReadLease());
        }
      }
      case Event.LeaseSeen e -> t.leaseSeen(e.lease());
      case Event.LeaseUnread e -> t.s.storeAway = true;
      case Event.WriteApplied e -> t.answered(e.now());
      case Event.WriteConflict e -> t.writeConflict(e.now());
      case Event.WriteUnknown e -> t.writeUnknown(e.why());
      case Event.LeaderHeard e -> FollowerTurn.leaderHeard(t, e.epoch());
      case Event.CommitAsked e -> FollowerTurn.commitAsked(t, e.epoch());
      case Event.LeaseHeard e -> t.leaseHeard(e.lease());
      case Event.LeaderUnreachable e -> FollowerTurn.leaderUnreachable(t);
      case Event.Opinion e -> FollowerTurn.opinion(t, e);
      case Event.Claimed e -> FollowerTurn.claimed(t, e.claim());
      case Event.HigherEpoch e -> FollowerTurn.higherEpoch(t, e.epoch());
      case Event.FollowerHeard e -> LeaderTurn.followerHeard(t, e);
      case Event.Promoted e -> LeaderTurn.promoted(t, e.epoch());
      case Event.PromotionFailed e -> LeaderTurn.promotionFailed(t, e);
      case Event.Drained e -> LeaderTurn.drained(t, e.epoch());
      case Event.Lagging e -> LeaderTurn.lagging(t, e.member());
      case Event.Responding e -> LeaderTurn.responding(t, e.member());
      case Event.CaughtUp e -> LeaderTurn.caughtUp(t, e.member());
      case Event.Covered e -> LeaderTurn.covered(t, e.member());
      case Event.EpochWanted e -> t.s.wantedEpoch = Math.max(t.s.wantedEpoch, e.atLeast());
      case Event.LocalState e -> t.s.local = e;
      case Event.Remembered e -> FollowerTurn.remembered(t, e.memory());
      case Event.Demoted e -> {
        if (t.s.role instanceof Role.Demoting) {
          t.become(new Role.Following(), t.s.why);
        }
      }
      case Event.SettingsChanged e -> t.s.settings = e.settings();
      case Event.Reincarnated e -> t.s.self = e.self();
      case Event.ShutdownRequested e -> t.s.shuttingDown = true;
    }
  }
}
