package dev.zonekeeper.dns.net;

import java.io.IOException;

/** Not one byte of the message left this process: to send it again, anywhere, is safe. */
public class NotSentException extends IOException {
  public NotSentException(String message) {
    super(message);
  }

  public NotSentException(String message, Throwable cause) {
    super(message, cause);
  }
}
