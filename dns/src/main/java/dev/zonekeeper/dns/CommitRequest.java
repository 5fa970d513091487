package dev.zonekeeper.dns;

import java.util.List;
import org.xbill.DNS.Name;

/**
 * "Hold this serial and say so": a NOTIFY (RFC 1996) for the zone with its SOA record in the answer
 * section. What has changed rides along in the authority section, in the order of an IXFR, when it
 * is known and fits: step by step, so that every member's journal has the serials that any other
 * member may be at, and can serve it an IXFR should it lead.
 *
 * @param serial an unsigned 32-bit number
 * @param epoch the epoch that the sender leads
 * @param changes lead to the serial, one after the other; empty when they are not known
 */
public record CommitRequest(Name zone, long serial, long epoch, Sender from, List<Delta> changes)
    implements PeerMessage {
  public CommitRequest {
    changes = List.copyOf(changes);
    long end = changes.isEmpty() ? serial : changes.getLast().to().getSerial();
    if (end != serial) {
      throw new IllegalArgumentException(
          "expected a change to serial %d, found one to %d".formatted(serial, end));
    }
  }
}
