package dev.zonekeeper.dns.net;

/** What a {@link DnsServer} counts. */
public enum ServerEvent {
  /** A message came in over UDP. */
  UDP_MESSAGE,
  /** A message came in over TCP. */
  TCP_MESSAGE,
  /** A TCP connection was closed at once because there were too many. */
  CONNECTION_REFUSED,
  /**
   * A TCP connection with nothing in flight was closed in favour of a new one, because its network
   * held the most when there were too many.
   */
  CONNECTION_DISPLACED,
  /** A TCP connection was closed because it was silent for too long. */
  IDLE_CLOSED,
  /** A TCP connection was closed because a message took too long to come in. */
  READ_TIMED_OUT,
  /** A TCP connection was closed because its client did not read the answers. */
  WRITE_TIMED_OUT,
  /** A TCP connection was closed because of a message that was too large. */
  OVERSIZED,
  /** A message was answered SERVFAIL, or its connection closed, because too much was in flight. */
  OVERLOADED,
  /** A message was dropped because it was shorter than a DNS header. */
  TOO_SHORT,
  /** A handler ended with an exception; its client got no answer, or not all of it. */
  HANDLER_FAILED
}
