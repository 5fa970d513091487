package dev.zonekeeper.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/**
 * Reads the answer to an IXFR query message by message (RFC 1995 section 4, RFC 5936 section 2.2):
 * what kind of answer it is, as soon as that can be told, and the changes in it. Of a whole zone
 * nothing is kept but the SOA record, and of changes no more than can be of use.
 */
public final class TransferReader {
  /** Some three times what fits into a commit request; condensed they may become that few. */
  static final int MAX_KEPT_RECORDS = 20_000;

  /** What the answer turned out to be. */
  public enum Kind {
    /** Nothing but the first SOA record has been seen. */
    UNDECIDED,
    /** The zone has not changed: the answer is its SOA record alone. */
    UP_TO_DATE,
    /** Difference sequences. */
    INCREMENTAL,
    /** The whole zone, also where IXFR was asked. */
    FULL
  }

  private final Name zone;
  private final TransferShape shape;
  private SOARecord head;
  private SOARecord from;
  private SOARecord to;
  private List<Record> removed = new ArrayList<>();
  private List<Record> added = new ArrayList<>();
  private final List<Delta> deltas = new ArrayList<>();
  private int kept;

  private TransferReader(Name zone, TransferShape shape) {
    this.zone = zone;
    this.shape = shape;
  }

  /** For changes from whatever serial. */
  static TransferReader ofChanges(Name zone) {
    return new TransferReader(zone, TransferShape.ofChanges());
  }

  /**
   * For the answer to an IXFR query.
   *
   * @param have the serial in the query, 0 to 4294967295
   */
  public static TransferReader ofIxfr(Name zone, long have) {
    return new TransferReader(zone, TransferShape.ofChangesFrom(have));
  }

  /**
   * Takes the next message of the answer.
   *
   * @return whether the answer is complete
   * @throws IOException it is not an answer with a transfer: an RCODE, or records out of order
   */
  public boolean take(Message message) throws IOException {
    if (message.getRcode() != Rcode.NOERROR) {
      throw new IOException("transfer of " + zone + ": " + Rcode.string(message.getRcode()));
    }
    return takeAll(message.getSection(Section.ANSWER));
  }

  /** The same with the records of a message. */
  boolean takeAll(List<Record> records) throws IOException {
    try {
      for (Record record : records) {
        take(record);
      }
      shape.endOfMessage();
      return shape.complete();
    } catch (TransferShape.OutOfOrder e) {
      throw new IOException("transfer of " + zone + ": " + e.getMessage(), e);
    }
  }

  public Kind kind() {
    return shape.kind();
  }

  /** The zone's SOA record after the transfer; null before the first message. */
  public SOARecord head() {
    return head;
  }

  /**
   * The difference sequences of a complete incremental answer, oldest first; none if they have more
   * than 20,000 records.
   */
  public List<Delta> deltas() {
    return shape.complete() && kept <= MAX_KEPT_RECORDS ? List.copyOf(deltas) : List.of();
  }

  private void take(Record record) throws TransferShape.OutOfOrder {
    if (!(record instanceof SOARecord soa)) {
      switch (shape.other()) {
        case REMOVED -> keep(record, removed);
        case ADDED -> keep(record, added);
        default -> {} // of the whole zone
      }
      return;
    }
    if (!soa.getName().equals(zone)) {
      throw new TransferShape.OutOfOrder("found the SOA record of " + soa.getName());
    }
    switch (shape.soa(soa.getSerial())) {
      case HEAD -> head = soa;
      case FROM -> from = soa;
      case TO -> to = soa;
      case END_AND_FROM -> {
        endSequence();
        from = soa;
      }
      case END -> {
        if (kind() == Kind.INCREMENTAL) {
          endSequence();
        }
      }
      case REMOVED, ADDED, CONTENT -> throw new IllegalStateException("not an SOA record");
    }
  }

  private void keep(Record record, List<Record> where) {
    if (++kept <= MAX_KEPT_RECORDS) {
      where.add(record);
    } else {
      deltas.clear();
      removed.clear();
      added.clear();
    }
  }

  private void endSequence() {
    if (kept <= MAX_KEPT_RECORDS) {
      deltas.add(new Delta(zone, from, to, removed, added));
      removed = new ArrayList<>();
      added = new ArrayList<>();
    }
  }
}
