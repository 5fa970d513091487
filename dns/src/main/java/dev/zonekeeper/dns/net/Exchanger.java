package dev.zonekeeper.dns.net;

import java.time.Duration;

/** Sends a message to one server and waits for its answer. */
@FunctionalInterface
public interface Exchanger {

  /**
   * Sends a message, bytes untouched, and waits for the answer with its ID.
   *
   * @param timeout for all of it
   * @throws NotSentException nothing of the message left this process
   * @throws OutcomeUnknownException it may have been received
   */
  byte[] exchange(byte[] message, Duration timeout)
      throws NotSentException, OutcomeUnknownException, InterruptedException;
}
