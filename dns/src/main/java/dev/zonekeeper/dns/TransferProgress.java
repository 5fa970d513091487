package dev.zonekeeper.dns;

import java.io.IOException;
import java.util.OptionalLong;
import org.xbill.DNS.Type;

/**
 * Finds the serial and the end of a zone transfer while its messages pass by, without parsing their
 * records: AXFR (RFC 5936 section 2.2), IXFR, and IXFR answered by the whole zone or by "you have
 * it already" (RFC 1995 section 4).
 */
public final class TransferProgress {

  private enum State {
    /** Before the first record. */
    HEAD,
    /** Behind the first SOA of an IXFR: the next record tells which kind of answer this is. */
    KIND_UNKNOWN,
    /** The whole zone: the next SOA ends it. */
    WHOLE_ZONE,
    /** Records that are removed: the next SOA begins those that are added. */
    REMOVED,
    /** Records that are added: the next SOA begins another change, or is the end. */
    ADDED,
    DONE
  }

  private final boolean incremental;
  private final OptionalLong clientSerial;
  private State state = State.HEAD;
  private long serial;

  /**
   * @param query an AXFR or IXFR query that is {@link Peek.Readable}
   */
  public TransferProgress(byte[] query) {
    this.incremental =
        Peek.of(query) instanceof Peek.Readable readable && readable.type() == Type.IXFR;
    this.clientSerial = soaSerial(query, RecordCursor.AUTHORITY);
  }

  /**
   * Looks at the next message of the answer.
   *
   * @return whether more are to come
   * @throws IOException it is not a message of a transfer
   */
  public boolean take(byte[] message) throws IOException {
    if (message.length < Wire.HEADER || !Wire.isResponse(message)) {
      throw new IOException("expected an answer to the transfer query, found something else");
    }
    if (Wire.rcode(message) != 0 || Wire.u16(message, Wire.ANSWERS_AT) == 0) {
      state = State.DONE;
    }
    RecordCursor cursor = new RecordCursor(message);
    while (state != State.DONE && cursor.next() && cursor.section() == RecordCursor.ANSWER) {
      record(message, cursor);
    }
    if (cursor.broken()) {
      throw new IOException("a message of the transfer is cut off or broken");
    }
    return state != State.DONE;
  }

  /** The serial that the zone has after the transfer; empty as long as no record has come. */
  public OptionalLong serial() {
    return state == State.HEAD || serial < 0 ? OptionalLong.empty() : OptionalLong.of(serial);
  }

  /** The serial of the first SOA record in the answer section of a message. */
  public static OptionalLong soaSerial(byte[] message) {
    return message.length < Wire.HEADER
        ? OptionalLong.empty()
        : soaSerial(message, RecordCursor.ANSWER);
  }

  private void record(byte[] message, RecordCursor cursor) throws IOException {
    boolean soa = cursor.type() == Type.SOA;
    switch (state) {
      case HEAD -> {
        if (!soa) {
          throw new IOException("expected a transfer to begin with an SOA record");
        }
        serial = serialAt(message, cursor);
        state = !incremental ? State.WHOLE_ZONE : clientHasIt() ? State.DONE : State.KIND_UNKNOWN;
      }
      case KIND_UNKNOWN -> state = soa ? State.REMOVED : State.WHOLE_ZONE;
      case WHOLE_ZONE -> state = soa ? State.DONE : state;
      case REMOVED -> state = soa ? State.ADDED : state;
      case ADDED -> {
        if (soa) {
          state = serialAt(message, cursor) == serial ? State.DONE : State.REMOVED;
        }
      }
      case DONE -> {}
    }
  }

  /** Not older than what the client said it has, as RFC 1982 compares. */
  private boolean clientHasIt() {
    return clientSerial.isPresent() && (int) (serial - clientSerial.getAsLong()) <= 0;
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
