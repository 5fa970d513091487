package dev.zonekeeper.agent;

/** A member at work. */
interface MemberProcess {
  /** Ends it in order; returns when it has ended. */
  void stop() throws InterruptedException;
}
