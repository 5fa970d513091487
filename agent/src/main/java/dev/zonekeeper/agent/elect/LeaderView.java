package dev.zonekeeper.agent.elect;

import dev.zonekeeper.core.Standing.MayConfirm;
import java.time.Duration;
import java.util.Optional;

/** Who leads, as a follower needs to know it: to pull zones, and to confirm to the right member. */
public interface LeaderView {

  /** The holder of the lease as last seen. */
  record Leader(String member, long epoch) {}

  /** The leader; empty while nobody holds the lease or it is not known. */
  Optional<Leader> leader();

  /** The highest epoch heard of. */
  long knownEpoch();

  /** Whether this member may confirm to the leader of that epoch. */
  MayConfirm mayConfirm(long epoch);

  /**
   * A message of that epoch has come in. Returns when this member would know of it after a crash,
   * too, or the time is over; {@link #mayConfirm} tells which.
   */
  void learn(long epoch, Duration atMost) throws InterruptedException;
}
