package dev.zonekeeper.dns;

import java.util.Arrays;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Writes a message record by record, sections in their order. Owner names that end in the name of
 * the question, in the same case, are compressed against it; nothing else is. So every name keeps
 * its case on its way through us, which a compression that ignores case would not promise.
 */
final class MessageWriter {
  private static final int POINTER_TO_QUESTION = 0xC000 | Wire.HEADER;

  private final int limit;
  private final ByteSink sink = new ByteSink(512);
  private final int[] counts = new int[4];
  private byte[] questionName = new byte[0];

  /**
   * Begins a message.
   *
   * @param flags the second 16 bits of the header
   * @param limit octets it may have at most
   */
  MessageWriter(int id, int flags, int limit) {
    this.limit = limit;
    sink.u16(id).u16(flags).u32(0).u32(0);
  }

  /** Adds the one question or zone entry. */
  MessageWriter question(Name name, int type, int dclass) {
    questionName = name.toWire();
    sink.bytes(questionName).u16(type).u16(dclass);
    counts[0]++;
    return this;
  }

  /** Adds a record if it fits; false if not, and the message is as before. */
  boolean add(int section, Record record) {
    byte[] wire = record.toWire(section);
    int owner = record.getName().length();
    int kept = lengthBeforeQuestionName(wire, owner);
    int size = kept < 0 ? wire.length : kept + 2 + wire.length - owner;
    if (sink.size() + size > limit) {
      return false;
    }
    if (kept < 0) {
      sink.bytes(wire);
    } else {
      sink.bytes(wire, 0, kept).u16(POINTER_TO_QUESTION).bytes(wire, owner, wire.length - owner);
    }
    counts[section]++;
    return true;
  }

  /**
   * Adds an OPT record (RFC 6891 section 6.1.2) without flags.
   *
   * @param options each with its code and length
   */
  MessageWriter opt(int udpSize, byte[] options) {
    sink.bytes(new byte[1]).u16(Type.OPT).u16(udpSize).u32(0).u16(options.length).bytes(options);
    counts[RecordCursor.ADDITIONAL]++;
    return this;
  }

  /** Adds a TXT record of class CHAOS with that data. */
  MessageWriter chaosText(int section, Name owner, byte[] strings) {
    sink.bytes(owner.toWire())
        .u16(Type.TXT)
        .u16(DClass.CHAOS)
        .u32(0)
        .u16(strings.length)
        .bytes(strings);
    counts[section]++;
    return this;
  }

  byte[] toBytes() {
    byte[] message = sink.toBytes();
    for (int section = 0; section < counts.length; section++) {
      Wire.putU16(message, Wire.QUESTIONS_AT + 2 * section, counts[section]);
    }
    return message;
  }

  /** How much of an owner name stands before the question's name, or -1 if it does not end so. */
  private int lengthBeforeQuestionName(byte[] wire, int ownerLength) {
    if (questionName.length < 2) {
      return -1;
    }
    int at = 0;
    while (ownerLength - at > questionName.length) {
      at += 1 + Wire.u8(wire, at);
    }
    return ownerLength - at == questionName.length
            && Arrays.equals(wire, at, ownerLength, questionName, 0, questionName.length)
        ? at
        : -1;
  }
}
