package dev.zonekeeper.core;

import java.util.Optional;

/**
 * What a member keeps on its disk, so that a restart does not take it back.
 *
 * @param lease the last lease it has seen
 * @param epoch the highest epoch it has heard of, be it from a lease or from a message; 0: of none.
 *     What it has confirmed in that epoch no leader of an earlier one may undo
 */
public record Memory(Optional<Lease> lease, long epoch) {

  /** Of a member that has seen nothing yet. */
  public static final Memory NOTHING = new Memory(Optional.empty(), 0);

  /**
   * @throws IllegalArgumentException the lease is of a higher epoch
   */
  public Memory {
    long seen = lease.map(Lease::epoch).orElse(0L);
    if (epoch < seen) {
      throw new IllegalArgumentException("epoch " + epoch + ": the lease is of epoch " + seen);
    }
  }

  /** Of a member that has heard of no epoch but that of a lease. */
  public static Memory of(Lease lease) {
    return new Memory(Optional.of(lease), lease.epoch());
  }

  /** Whether the other is of the same epoch and the same state of the lease. */
  boolean saysTheSameAs(Memory other) {
    return epoch == other.epoch
        && lease.map(Lease::essence).equals(other.lease.map(Lease::essence));
  }
}
