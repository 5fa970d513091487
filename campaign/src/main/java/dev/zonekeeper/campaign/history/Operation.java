package dev.zonekeeper.campaign.history;

/**
 * One operation of one client on one register.
 *
 * @param client who did it: one client does one operation after the other
 * @param server where it was sent, a member's name
 * @param startNanos when it was sent, on the clock of {@link System#nanoTime()}
 * @param endNanos when the client knew the outcome, on the same clock
 * @param detail what was heard, for people
 */
public record Operation(
    String client,
    String server,
    long startNanos,
    long endNanos,
    Action action,
    Outcome outcome,
    String detail) {

  /** A line for people, with times in seconds since the origin. */
  public String inWords(long originNanos) {
    return "%9.3f .. %9.3f  %-8s at %-12s %s -> %s"
        .formatted(
            (startNanos - originNanos) / 1e9,
            (endNanos - originNanos) / 1e9,
            client,
            server,
            action,
            outcomeInWords());
  }

  private String outcomeInWords() {
    String word =
        switch (outcome) {
          case ACKNOWLEDGED -> "ok";
          case UNMET -> "not met";
          case REJECTED -> "rejected";
          case UNKNOWN -> "unknown";
        };
    return detail.isEmpty() ? word : word + " (" + detail + ")";
  }
}
