package dev.zonekeeper.agent.named;

/** named could not be started or ended. The message holds named's own last words. */
public class NamedFailure extends Exception {
  public NamedFailure(String message) {
    super(message);
  }

  public NamedFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
