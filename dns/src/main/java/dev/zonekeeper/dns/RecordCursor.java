package dev.zonekeeper.dns;

import org.xbill.DNS.Name;

/**
 * Walks over the records of a message without looking into their data. Each step costs as much as
 * the record's owner name has labels before its first pointer, and a count in the header that
 * promises more records than there are bytes ends the walk at the last byte.
 *
 * <p>Questions are stepped over; a message needs a whole header.
 */
final class RecordCursor {
  static final int ANSWER = 1;
  static final int AUTHORITY = 2;
  static final int ADDITIONAL = 3;

  private static final int FIXED_PART = 10; // type, class, TTL, length of the data

  private final byte[] message;
  private int section;
  private int leftInSection;
  private int end;
  private boolean broken;

  private int start;
  private int fixedAt;

  RecordCursor(byte[] message) {
    this.message = message;
    this.end = Wire.HEADER;
    int questions = Wire.u16(message, Wire.QUESTIONS_AT);
    for (int i = 0; i < questions && !broken; i++) {
      int type = Wire.skipName(message, end);
      broken = type < 0 || type + 4 > message.length;
      end = broken ? end : type + 4;
    }
  }

  /** Steps to the next record; false behind the last one and where the message is broken. */
  boolean next() {
    while (!broken && leftInSection == 0) {
      if (section == ADDITIONAL) {
        return false;
      }
      section++;
      leftInSection = Wire.u16(message, Wire.QUESTIONS_AT + 2 * section);
    }
    if (broken) {
      return false;
    }
    int fixed = Wire.skipName(message, end);
    if (fixed < 0
        || fixed + FIXED_PART > message.length
        || fixed + FIXED_PART + Wire.u16(message, fixed + 8) > message.length) {
      broken = true;
      return false;
    }
    leftInSection--;
    start = end;
    fixedAt = fixed;
    end = dataAt() + dataLength();
    return true;
  }

  /** Whether the walk ended, or will end, because the bytes are not those of a message. */
  boolean broken() {
    return broken;
  }

  /** Section of the record: 1 answer (prerequisites), 2 authority (update), 3 additional. */
  int section() {
    return section;
  }

  boolean isLastInMessage() {
    return section == ADDITIONAL && leftInSection == 0;
  }

  /** Where the record begins; before the first step, where the records begin. */
  int start() {
    return start;
  }

  /** Behind the record; before the first step, behind the questions. */
  int end() {
    return end;
  }

  /** The owner, or null if its pointers lead nowhere. */
  Name owner() {
    return Wire.name(message, start);
  }

  boolean ownedByRoot() {
    return message[start] == 0;
  }

  int type() {
    return Wire.u16(message, fixedAt);
  }

  int dclass() {
    return Wire.u16(message, fixedAt + 2);
  }

  /** The 32 bits of the TTL, which OPT uses for something else. */
  long ttl() {
    return Wire.u32(message, fixedAt + 4);
  }

  int dataAt() {
    return fixedAt + FIXED_PART;
  }

  int dataLength() {
    return Wire.u16(message, fixedAt + 8);
  }
}
