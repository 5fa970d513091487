package dev.zonekeeper.agent.gateway;

/**
 * What named has, or would have, applied is not held by every in-sync member. The message is one
 * sentence for the client: it becomes the text of the Extended DNS Error (RFC 8914) of a SERVFAIL.
 */
public class NotCommittedException extends Exception {
  public NotCommittedException(String message) {
    super(message);
  }

  public NotCommittedException(String message, Throwable cause) {
    super(message, cause);
  }
}
