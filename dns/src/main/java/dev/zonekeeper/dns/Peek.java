package dev.zonekeeper.dns;

import java.util.Optional;
import java.util.OptionalInt;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;

/**
 * What can be told of a message without parsing it all. The framing of every record is checked, the
 * data of none: a message that is {@link Readable} here may still be a FORMERR to {@code named}.
 */
public sealed interface Peek {

  /** Shorter than a header: there is nothing to answer to. */
  record Unreadable() implements Peek {}

  /**
   * The header is there, the rest is not a message: FORMERR. That is so for cut-off records, names
   * that do not end, requests with any other number of questions than one (RFC 9619), two OPT
   * records or one out of place (RFC 6891 section 6.1.1), and a TSIG record that is not the last
   * (RFC 8945 section 5.1).
   *
   * @param id of the header, 0 to 65535
   * @param opcode of the header, 0 to 15
   * @param response whether the QR bit is set
   */
  record Malformed(int id, int opcode, boolean response) implements Peek {}

  /**
   * A message whose framing is right.
   *
   * @param id of the header, 0 to 65535
   * @param opcode of the header, 0 to 15, see {@link Opcode}
   * @param response whether the QR bit is set
   * @param rcode with the upper bits from the OPT record, 0 to 4095
   * @param name of the question or the zone entry (RFC 2136 section 2.3), as spelt in the message;
   *     the root if a response has no question, as later messages of a transfer
   * @param type of the question; 0 if a response has none
   * @param dclass of the question; 0 if a response has none
   * @param touchesSoa whether this is an UPDATE whose update section has a record of type SOA, of
   *     any class: adding one, deleting one, or deleting the RRset (RFC 2136 section 2.5)
   * @param tsigKey the key's name in the TSIG record, which nobody has verified
   * @param ednsUdpSize the UDP payload size in the OPT record, as sent (0 to 65535)
   * @param udpLimit the largest UDP answer the client takes: what its OPT record says, but at least
   *     512 (RFC 6891 section 6.2.3)
   */
  @SuppressWarnings("AvoidCommonTypeNames") // never meets java.lang.Readable
  record Readable(
      int id,
      int opcode,
      boolean response,
      int rcode,
      Name name,
      int type,
      int dclass,
      boolean touchesSoa,
      Optional<Name> tsigKey,
      OptionalInt ednsUdpSize,
      int udpLimit)
      implements Peek {}

  /** Looks at a message. Never throws, and its cost is bounded by the length, on any bytes. */
  static Peek of(byte[] message) {
    return Glance.at(message);
  }
}
