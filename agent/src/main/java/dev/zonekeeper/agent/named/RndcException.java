package dev.zonekeeper.agent.named;

import java.io.IOException;

/** A command on named's control channel failed. */
public class RndcException extends IOException {
  private final boolean refused;

  RndcException(String message) {
    super(message);
    this.refused = true;
  }

  RndcException(String message, Throwable cause) {
    super(message, cause);
    this.refused = false;
  }

  /**
   * Whether named answered and said no. If false there was no answer: named may have carried the
   * command out or not.
   */
  public boolean refused() {
    return refused;
  }
}
