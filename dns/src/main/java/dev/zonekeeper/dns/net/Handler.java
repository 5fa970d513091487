package dev.zonekeeper.dns.net;

/** What a {@link DnsServer} does with a message. */
@FunctionalInterface
public interface Handler {

  /**
   * Handles one message, on a virtual thread of its own; may block. When it returns the message is
   * no longer counted as in flight.
   *
   * @param message the bytes of the DNS message, without the length prefix of TCP; may be anything
   *     a client can send, not even a header is promised
   * @param exchange the way back to the client
   */
  void handle(byte[] message, Exchange exchange) throws Exception;
}
