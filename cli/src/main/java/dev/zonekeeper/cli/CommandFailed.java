package dev.zonekeeper.cli;

/** A command did not do what it was asked; the message is one line for a human. */
final class CommandFailed extends Exception {
  /** Nothing was changed: wrong input, or the cluster is not in a state to do it. */
  static final int REFUSED = 2;

  /** It was begun and is not done in time; it may still come to pass. */
  static final int NOT_DONE = 1;

  private final int exitCode;

  private CommandFailed(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  static CommandFailed refused(String message) {
    return new CommandFailed(REFUSED, message, null);
  }

  static CommandFailed refused(String message, Throwable cause) {
    return new CommandFailed(REFUSED, message, cause);
  }

  static CommandFailed notDone(String message) {
    return new CommandFailed(NOT_DONE, message, null);
  }

  int exitCode() {
    return exitCode;
  }
}
