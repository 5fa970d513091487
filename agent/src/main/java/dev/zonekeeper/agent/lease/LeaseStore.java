package dev.zonekeeper.agent.lease;

import dev.zonekeeper.core.Lease;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the lease is kept. Every change is a compare-and-swap on the version that was read.
 *
 * <p>A store keeps {@link Lease#renewedAt} to the microsecond at least.
 *
 * <p>An {@link IOException} from {@link #compareAndSet} means that the outcome is unknown: the
 * change may have been made, or may still be made.
 */
public interface LeaseStore extends Closeable {

  /** The lease with the store's token for it. */
  record Versioned(Lease lease, String version) {}

  /** What became of a compare-and-swap. */
  sealed interface CasResult {}

  /** The lease is now the proposed one. */
  record Applied(Versioned now) implements CasResult {}

  /** Somebody else was faster; the lease as it is now, or none. */
  record Conflict(Optional<Versioned> now) implements CasResult {}

  /** The lease as it is now; empty when there is none. */
  Optional<Versioned> read() throws IOException;

  /**
   * Writes {@code next} if the lease still has {@code expectedVersion} (empty: if there is no
   * lease).
   */
  CasResult compareAndSet(Optional<String> expectedVersion, Lease next) throws IOException;

  /**
   * Blocks until the lease may have changed since the last call, or the time is over. A change may
   * be reported late by no more than {@code atMost}.
   */
  void awaitChange(Duration atMost) throws InterruptedException;

  /** Gives back what the store holds open; it is not used after this. */
  @Override
  default void close() throws IOException {}
}
