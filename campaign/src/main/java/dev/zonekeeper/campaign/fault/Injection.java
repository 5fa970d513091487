package dev.zonekeeper.campaign.fault;

import java.io.IOException;

/**
 * A fault that has been done.
 *
 * @param target the member, or members, it was done to
 * @param undo ends it
 */
public record Injection(String target, Undo undo) {
  /** Ends a fault. */
  @FunctionalInterface
  public interface Undo {
    /**
     * Ends it; what was killed is started again.
     *
     * @throws IOException if that fails; the servers' repair may be tried still
     */
    void run() throws IOException, InterruptedException;
  }
}
