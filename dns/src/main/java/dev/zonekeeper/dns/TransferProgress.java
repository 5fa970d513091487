package dev.zonekeeper.dns;

import java.io.IOException;
import java.util.OptionalLong;
import org.xbill.DNS.Type;

/**
 * Finds the serial, the kind and the end of a zone transfer while its messages pass by, without
 * parsing their records: AXFR (RFC 5936 section 2.2), IXFR, and IXFR answered by the whole zone or
 * by "you have it already" (RFC 1995 section 4).
 */
public final class TransferProgress {
  private final TransferShape shape;
  private OptionalLong serial = OptionalLong.empty();

  /**
   * @param query an AXFR or IXFR query that is {@link Peek.Readable}
   */
  public TransferProgress(byte[] query) {
    boolean incremental =
        Peek.of(query) instanceof Peek.Readable readable && readable.type() == Type.IXFR;
    OptionalLong have = soaSerial(query, RecordCursor.AUTHORITY);
    this.shape =
        !incremental
            ? TransferShape.ofWholeZone()
            : have.isPresent()
                ? TransferShape.ofChangesFrom(have.getAsLong())
                : TransferShape.ofChanges();
  }

  /**
   * Looks at the next message of the answer.
   *
   * @return whether more are to come; no more come after an RCODE, or a message without records
   * @throws IOException it is not a message of a transfer
   */
  public boolean take(byte[] message) throws IOException {
    if (message.length < Wire.HEADER || !Wire.isResponse(message)) {
      throw new IOException("expected an answer to the transfer query, found something else");
    }
    if (Wire.rcode(message) != 0 || Wire.u16(message, Wire.ANSWERS_AT) == 0) {
      return false;
    }
    try {
      RecordCursor cursor = new RecordCursor(message);
      while (cursor.next() && cursor.section() == RecordCursor.ANSWER) {
        record(message, cursor);
      }
      if (cursor.broken()) {
        throw new IOException("a message of the transfer is cut off or broken");
      }
      shape.endOfMessage();
      return !shape.complete();
    } catch (TransferShape.OutOfOrder e) {
      throw new IOException("transfer out of order: " + e.getMessage(), e);
    }
  }

  /** Whether the answer has ended as a transfer ends, and not by an RCODE. */
  public boolean complete() {
    return shape.complete();
  }

  /**
   * What the answer is, told from its first message on, except where that has the SOA record alone
   * and more are to come: then from the second.
   */
  public TransferReader.Kind kind() {
    return shape.kind();
  }

  /** The serial that the zone has after the transfer; empty as long as no record has come. */
  public OptionalLong serial() {
    return serial;
  }

  /** The serial of the first SOA record in the answer section of a message. */
  public static OptionalLong soaSerial(byte[] message) {
    return message.length < Wire.HEADER
        ? OptionalLong.empty()
        : soaSerial(message, RecordCursor.ANSWER);
  }

  private void record(byte[] message, RecordCursor cursor)
      throws IOException, TransferShape.OutOfOrder {
    if (cursor.type() != Type.SOA) {
      shape.other();
      return;
    }
    long found = serialAt(message, cursor);
    if (found < 0) {
      throw new IOException("an SOA record of the transfer is cut off");
    }
    shape.soa(found);
    serial = OptionalLong.of(shape.head());
  }

  private static OptionalLong soaSerial(byte[] message, int section) {
    RecordCursor cursor = new RecordCursor(message);
    while (cursor.next() && cursor.section() <= section) {
      if (cursor.section() == section && cursor.type() == Type.SOA) {
        long serial = serialAt(message, cursor);
        return serial < 0 ? OptionalLong.empty() : OptionalLong.of(serial);
      }
    }
    return OptionalLong.empty();
  }

  /** Behind the two names of the SOA's data (RFC 1035 section 3.3.13); -1 if it is cut off. */
  private static long serialAt(byte[] message, RecordCursor cursor) {
    int secondName = Wire.skipName(message, cursor.dataAt());
    int at = secondName < 0 ? -1 : Wire.skipName(message, secondName);
    return at < 0 || at + 4 > cursor.end() ? -1 : Wire.u32(message, at);
  }
}
