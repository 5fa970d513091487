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
 * Reads the answer to an IXFR or AXFR query message by message (RFC 1995 section 4, RFC 5936
 * section 2.2) and tells, as soon as that can be told, what kind of answer it is.
 */
public final class TransferReader {

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

  private enum Part {
    START,
    SECOND,
    REMOVED,
    ADDED,
    WHOLE,
    DONE
  }

  private final Name zone;
  private Part part = Part.START;
  private Kind kind = Kind.UNDECIDED;
  private SOARecord head;
  private SOARecord from;
  private SOARecord to;
  private List<Record> removed = new ArrayList<>();
  private List<Record> added = new ArrayList<>();
  private final List<Delta> deltas = new ArrayList<>();

  public TransferReader(Name zone) {
    this.zone = zone;
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
    for (Record record : records) {
      take(record);
    }
    if (part == Part.SECOND && records.size() == 1) {
      kind = Kind.UP_TO_DATE;
      part = Part.DONE;
    }
    if (records.isEmpty()) {
      throw new IOException("transfer of " + zone + ": a message without records");
    }
    return part == Part.DONE;
  }

  public Kind kind() {
    return kind;
  }

  /** The zone's SOA record after the transfer; null before the first message. */
  public SOARecord head() {
    return head;
  }

  /** The difference sequences of a complete incremental answer, oldest first. */
  public List<Delta> deltas() {
    return List.copyOf(deltas);
  }

  private void take(Record record) throws IOException {
    switch (part) {
      case START -> {
        if (!(record instanceof SOARecord soa) || !soa.getName().equals(zone)) {
          throw new IOException(
              "transfer of " + zone + ": expected its SOA record, found " + record);
        }
        head = soa;
        part = Part.SECOND;
      }
      case SECOND -> second(record);
      case REMOVED -> {
        if (record instanceof SOARecord soa) {
          to = soa;
          part = Part.ADDED;
        } else {
          removed.add(record);
        }
      }
      case ADDED -> {
        if (record instanceof SOARecord soa) {
          endOfSequence(soa);
        } else {
          added.add(record);
        }
      }
      case WHOLE -> {
        if (record instanceof SOARecord) {
          part = Part.DONE;
        }
      }
      case DONE -> throw new IOException("transfer of " + zone + ": records after the end");
    }
  }

  private void second(Record record) {
    if (record instanceof SOARecord soa && soa.getSerial() != head.getSerial()) {
      kind = Kind.INCREMENTAL;
      from = soa;
      part = Part.REMOVED;
    } else {
      kind = Kind.FULL;
      part = record instanceof SOARecord ? Part.DONE : Part.WHOLE;
    }
  }

  private void endOfSequence(SOARecord next) {
    deltas.add(new Delta(zone, from, to, removed, added));
    removed = new ArrayList<>();
    added = new ArrayList<>();
    if (to.getSerial() == head.getSerial()) {
      part = Part.DONE;
    } else {
      from = next;
      part = Part.REMOVED;
    }
  }
}
