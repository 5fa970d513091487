package dev.zonekeeper.dns;

import org.xbill.DNS.Name;

/**
 * The answer to a {@link CommitRequest}.
 *
 * @param serial what the sender holds durably, if {@code DURABLE}
 * @param epoch the asked epoch; if {@code STALE_EPOCH}, the highest that the sender knows
 * @param from whose data it is
 * @param why one sentence, unless {@code DURABLE}
 */
public record Confirmation(
    Name zone, long serial, long epoch, Sender from, Verdict verdict, String why) {

  /** What the answer says. */
  public enum Verdict {
    /** NOERROR: this member's named holds the serial, and a crash does not take it away. */
    DURABLE,
    /** REFUSED: the epoch is over, the asking member does not lead any more. */
    STALE_EPOCH,
    /** SERVFAIL: it does not hold it now; asking again may help. */
    NOT_YET
  }
}
