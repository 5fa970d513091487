package dev.zonekeeper.dns.net;

import java.io.IOException;
import java.time.Duration;

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

  /** Whether, and how, a client's TCP connection has ended. */
  enum End {
    NOT_YET,
    /** The client has ended it, or has not got everything. */
    BY_CLIENT,
    /** This side has ended it, and the client may have got everything. */
    BY_SERVER
  }

  /** Waits until the client's TCP connection is over, but not longer than that. */
  default End awaitEnd(Duration atMost) throws InterruptedException {
    throw new UnsupportedOperationException("UDP has no connection to wait for");
  }

  /** What the handler has noted for this TCP connection; null when nothing, and always over UDP. */
  default Object note() {
    return null;
  }

  /** Notes something for this TCP connection, such as who the client has proved to be. */
  default void note(Object note) {
    throw new UnsupportedOperationException("UDP has no connection to note something for");
  }
}
