package dev.zonekeeper.dns;

import java.io.IOException;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Looks at the answer to an IXFR or AXFR query as it passes by, message by message: what kind of
 * answer it is, known from the first message on, and where it ends. Keeps no record and parses
 * none.
 */
public final class TransferWatch {
  private final TransferShape shape;

  private TransferWatch(TransferShape shape) {
    this.shape = shape;
  }

  /**
   * For the answer to a query.
   *
   * @throws IllegalArgumentException it asks for no transfer, or for IXFR without an SOA record in
   *     its authority section (RFC 1995 section 3)
   */
  public static TransferWatch of(Message query) {
    return new TransferWatch(
        switch (query.getQuestion().getType()) {
          case Type.AXFR -> TransferShape.ofWholeZone();
          case Type.IXFR -> TransferShape.ofChangesFrom(serialIn(query));
          default -> throw new IllegalArgumentException("no transfer: " + query.getQuestion());
        });
  }

  private static long serialIn(Message query) {
    return query.getSection(Section.AUTHORITY).stream()
        .filter(SOARecord.class::isInstance)
        .mapToLong(soa -> ((SOARecord) soa).getSerial())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("IXFR without a serial"));
  }

  /**
   * Looks at the next message of the answer.
   *
   * @return whether the answer is complete
   * @throws IOException it is not an answer with a transfer: an RCODE, records out of order, or not
   *     even a message
   */
  public boolean take(byte[] message) throws IOException {
    if (!(Peek.of(message) instanceof Peek.Readable seen)) {
      throw new IOException("a message of a transfer does not parse");
    }
    if (seen.rcode() != Rcode.NOERROR) {
      throw new IOException("transfer answered with " + Rcode.string(seen.rcode()));
    }
    try {
      RecordCursor cursor = new RecordCursor(message);
      while (cursor.next() && cursor.section() == RecordCursor.ANSWER) {
        if (cursor.type() == Type.SOA) {
          shape.soa(serial(message, cursor));
        } else {
          shape.other();
        }
      }
      shape.endOfMessage();
      return shape.complete();
    } catch (TransferShape.OutOfOrder e) {
      throw new IOException("transfer out of order: " + e.getMessage(), e);
    }
  }

  /** What the answer is; FULL is not yet said of a first message with the SOA record alone. */
  public TransferReader.Kind kind() {
    return shape.kind();
  }

  /** The serial that the transfer leads to; 0 before the first message. */
  public long serial() {
    return shape.head();
  }

  /** The number behind the two names in the data (RFC 1035 section 3.3.13). */
  private static long serial(byte[] message, RecordCursor cursor) throws IOException {
    int second = Wire.skipName(message, cursor.dataAt());
    int serialAt = second < 0 ? -1 : Wire.skipName(message, second);
    if (serialAt < 0 || serialAt + 4 > cursor.end()) {
      throw new IOException("an SOA record of a transfer does not parse");
    }
    return Wire.u32(message, serialAt);
  }
}
