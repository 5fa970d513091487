package dev.zonekeeper.agent.commit;

import dev.zonekeeper.core.MemberId;

/** What the committers learn and the election must know. */
public interface TermEvents {

  /** The member has not confirmed for the length of the sync time-out, or it does not run. */
  void lagging(MemberId member);

  /** A member that lagged confirms again. */
  void responding(MemberId member);

  /** A member outside of the in-sync set holds every committed serial. */
  void caughtUp(MemberId member);

  /** A joining member has confirmed the last serial of every zone. */
  void covered(MemberId member);

  /** Somebody knows of a higher epoch than ours. */
  void higherEpoch(long epoch);

  /** Serials need an epoch of at least this. */
  void epochWanted(long atLeast);
}
