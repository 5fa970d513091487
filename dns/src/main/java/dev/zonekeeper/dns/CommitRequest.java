package dev.zonekeeper.dns;

import java.util.Optional;
import org.xbill.DNS.Name;

/**
 * "Hold this serial and say so": a NOTIFY (RFC 1996) for the zone with its SOA record in the answer
 * section. What has changed rides along in the authority section, in the order of an IXFR, when it
 * is known and fits.
 *
 * @param serial an unsigned 32-bit number
 * @param epoch the epoch that the sender leads
 * @param delta leads to the serial
 */
public record CommitRequest(Name zone, long serial, long epoch, Sender from, Optional<Delta> delta)
    implements PeerMessage {
  public CommitRequest {
    long end = delta.map(d -> d.to().getSerial()).orElse(serial);
    if (end != serial) {
      throw new IllegalArgumentException(
          "expected a change to serial %d, found one to %d".formatted(serial, end));
    }
  }
}
