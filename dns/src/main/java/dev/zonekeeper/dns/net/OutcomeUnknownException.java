package dev.zonekeeper.dns.net;

import java.io.IOException;

/** The message, or a part of it, was sent and no answer came: it may have been acted on, or not. */
public class OutcomeUnknownException extends IOException {
  public OutcomeUnknownException(String message) {
    super(message);
  }

  public OutcomeUnknownException(String message, Throwable cause) {
    super(message, cause);
  }
}
