package dev.zonekeeper.dns;

import java.io.IOException;

/** A message that is not one between members: malformed, unsigned, or signed with another key. */
public class BadPeerMessage extends IOException {
  public BadPeerMessage(String message) {
    super(message);
  }

  public BadPeerMessage(String message, Throwable cause) {
    super(message, cause);
  }
}
