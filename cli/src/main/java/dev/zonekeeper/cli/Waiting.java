package dev.zonekeeper.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Waits for a condition with a deadline and says, whenever that changes, what is still missing. */
final class Waiting {
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Terminal terminal;

  Waiting(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * What is still missing, in a sentence; empty when the condition holds. A look that fails for a
   * moment is something missing as well.
   */
  @FunctionalInterface
  interface Condition {
    Optional<String> missing() throws IOException, CommandFailed;
  }

  /**
   * Returns when nothing is missing any more.
   *
   * @throws CommandFailed the time is over; the message says what is missing
   */
  void until(Condition condition, Duration atMost) throws CommandFailed {
    Instant start = terminal.clock().instant();
    Instant next = start.plus(PATIENCE);
    String said = "";
    while (true) {
      Instant looked = terminal.clock().instant();
      Optional<String> missing = look(condition);
      Instant now = terminal.clock().instant();
      if (missing.isEmpty()) {
        return;
      }
      if (now.isAfter(start.plus(atMost))) {
        throw CommandFailed.notDone("gave up after " + atMost.toSeconds() + " s: " + missing.get());
      }
      if (now.isAfter(next) && !missing.get().equals(said)) {
        said = missing.get();
        next = now.plus(PATIENCE);
        terminal.say("  waiting: " + said);
      }
      pause(interval(Duration.between(looked, now)));
    }
  }

  /** A look that is much work, at thousands of zones, must not be all that the machine does. */
  private static Duration interval(Duration look) {
    Duration twice = look.multipliedBy(2);
    return twice.compareTo(INTERVAL) > 0 ? twice : INTERVAL;
  }

  private static Optional<String> look(Condition condition) throws CommandFailed {
    try {
      return condition.missing();
    } catch (IOException unreadable) {
      return Optional.of(String.valueOf(unreadable.getMessage()));
    }
  }

  /** Sleeps; an interrupt ends the command. */
  static void pause(Duration time) throws CommandFailed {
    try {
      Thread.sleep(time);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CommandFailed.notDone("interrupted");
    }
  }
}
