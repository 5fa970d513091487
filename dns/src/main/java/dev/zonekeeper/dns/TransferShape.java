package dev.zonekeeper.dns;

import java.util.OptionalLong;

/**
 * What the records of a transfer's answer are, told from their order and from the serials of the
 * SOA records among them (RFC 1995 section 4, RFC 5936 section 2.2).
 */
final class TransferShape {

  /** What one record is. */
  enum Part {
    /** The zone's SOA record, at the beginning. */
    HEAD,
    /** The SOA record of the older version, before what is removed from it. */
    FROM,
    REMOVED,
    /** The SOA record of the newer version, before what is added to it. */
    TO,
    ADDED,
    /** A record of the whole zone. */
    CONTENT,
    /** The last record of the answer. */
    END,
    /** The last record of a difference sequence, and FROM of the next. */
    END_AND_FROM
  }

  /** The records do not come in the order of a transfer. */
  static final class OutOfOrder extends Exception {
    OutOfOrder(String message) {
      super(message);
    }
  }

  private final boolean changesAsked;
  private final OptionalLong have;
  private Part last;
  private TransferReader.Kind kind = TransferReader.Kind.UNDECIDED;
  private boolean complete;
  private long head;
  private long to;

  private TransferShape(boolean changesAsked, OptionalLong have) {
    this.changesAsked = changesAsked;
    this.have = have;
  }

  /** Of an answer to AXFR. */
  static TransferShape ofWholeZone() {
    return new TransferShape(false, OptionalLong.empty());
  }

  /** Of an answer to IXFR from that serial. */
  static TransferShape ofChangesFrom(long have) {
    return new TransferShape(true, OptionalLong.of(have));
  }

  /** Of changes from whatever serial; a lone SOA record ends it. */
  static TransferShape ofChanges() {
    return new TransferShape(true, OptionalLong.empty());
  }

  TransferReader.Kind kind() {
    return kind;
  }

  boolean complete() {
    return complete;
  }

  /** The serial of the first record; 0 before it. */
  long head() {
    return head;
  }

  /** Takes the next record, one that is no SOA record. */
  Part other() throws OutOfOrder {
    refuseMore();
    last =
        switch (last) {
          case null -> throw new OutOfOrder("expected the zone's SOA record first");
          case HEAD, CONTENT -> decide(TransferReader.Kind.FULL, Part.CONTENT);
          case FROM, REMOVED, END_AND_FROM -> Part.REMOVED;
          case TO, ADDED -> Part.ADDED;
          case END -> throw new OutOfOrder("found a record behind the last");
        };
    return last;
  }

  /** Takes the next record, an SOA record with that serial. */
  Part soa(long serial) throws OutOfOrder {
    refuseMore();
    last =
        switch (last) {
          case null -> head(serial);
          case HEAD -> serial == head ? endOfZone(serial) : from(serial);
          case CONTENT -> endOfZone(serial);
          case FROM, REMOVED, END_AND_FROM -> {
            to = serial;
            yield Part.TO;
          }
          case TO, ADDED -> endOfSequence(serial);
          case END -> throw new OutOfOrder("found a record behind the last");
        };
    return last;
  }

  /** A message ends here. Only now is it known of a first record that no second one follows. */
  void endOfMessage() throws OutOfOrder {
    if (last == null) {
      throw new OutOfOrder("expected the zone's SOA record, found a message without records");
    }
    if (last == Part.HEAD && changesAsked && !isAfter(head, have.orElse(head))) {
      kind = TransferReader.Kind.UP_TO_DATE;
      complete = true;
    }
  }

  private Part head(long serial) {
    head = serial;
    return Part.HEAD;
  }

  private Part from(long serial) throws OutOfOrder {
    if (!changesAsked) {
      throw new OutOfOrder("expected the whole zone, found changes from serial " + serial);
    }
    expect(have.orElse(serial), serial);
    return decide(TransferReader.Kind.INCREMENTAL, Part.FROM);
  }

  private Part decide(TransferReader.Kind decision, Part part) {
    kind = decision;
    return part;
  }

  private Part endOfZone(long serial) throws OutOfOrder {
    expect(head, serial);
    complete = true;
    return decide(TransferReader.Kind.FULL, Part.END);
  }

  private Part endOfSequence(long serial) throws OutOfOrder {
    expect(to, serial);
    complete = to == head;
    return complete ? Part.END : Part.END_AND_FROM;
  }

  private static void expect(long wanted, long found) throws OutOfOrder {
    if (wanted != found) {
      throw new OutOfOrder(
          "expected the SOA record with serial %d, found %d".formatted(wanted, found));
    }
  }

  private void refuseMore() throws OutOfOrder {
    if (complete) {
      throw new OutOfOrder("found a record behind the last");
    }
  }

  /** Serial number arithmetic (RFC 1982 section 3.2). */
  private static boolean isAfter(long serial, long other) {
    return (int) (serial - other) > 0;
  }
}
