package dev.zonekeeper.core.simulation;

/** A deliberate error in what surrounds the core, to show that the simulation finds it. */
enum Mistake {
  /** A follower confirms what has arrived but is not on its disk yet. */
  CONFIRMS_BEFORE_DURABLE,
  /** Serials go on counting in a new epoch. */
  NO_EPOCH_IN_SERIALS,
  /** Commits go on without a lagging member before the lease says so. */
  SHRINKS_BEFORE_THE_SWAP,
  /** A member believes that it is in sync whatever the lease says. */
  ANYONE_MAY_TAKE_OVER,
  /** A full transfer is not marked, so a crash in it goes unnoticed. */
  NO_RESYNC_MARKER,
  /** A member that lost its disk keeps its identity. */
  NAME_WITHOUT_INCARNATION,
  /** A member joins the in-sync set without having confirmed the last serials. */
  JOINS_WITHOUT_CATCHING_UP
}
