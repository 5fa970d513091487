package dev.zonekeeper.dns.net;

import java.io.IOException;

/** One message of a client, and the way back to that client. */
public interface Exchange {

  /** Who sent the message. */
  ClientAddress client();

  /** Whether the message came over TCP; else over UDP. */
  boolean tcp();

  /**
   * Sends an answer. To be called several times for a transfer over TCP, and not at all for a
   * message that is to be dropped. Over TCP it blocks while the client reads its answers slowly.
   *
   * @throws IOException the client is gone
   */
  void answer(byte[] message) throws IOException;

  /**
   * Closes the client's TCP connection: the only way to say that the rest of a transfer will not
   * come. Does nothing over UDP.
   */
  void abort();
}
