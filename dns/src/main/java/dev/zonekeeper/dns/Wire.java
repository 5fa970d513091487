package dev.zonekeeper.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.xbill.DNS.Name;

/** Positions and numbers in the bytes of a message (RFC 1035 section 4.1). */
final class Wire {
  /** Octets of the header; the first question begins here. */
  static final int HEADER = 12;

  /** What a TCP length prefix can say (RFC 1035 section 4.2.2). */
  static final int MAX_MESSAGE = 65_535;

  static final int QUESTIONS_AT = 4;
  static final int ANSWERS_AT = 6;
  static final int AUTHORITY_AT = 8;
  static final int ADDITIONAL_AT = 10;

  private static final int MAX_NAME = 255;

  /** A name has at most 127 labels, so more jumps than that lead nowhere honest. */
  private static final int MAX_JUMPS = 127;

  private Wire() {}

  static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xFF;
  }

  static int u16(byte[] bytes, int at) {
    return u8(bytes, at) << 8 | u8(bytes, at + 1);
  }

  static long u32(byte[] bytes, int at) {
    return (long) u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  static long u48(byte[] bytes, int at) {
    return (long) u16(bytes, at) << 32 | u32(bytes, at + 2);
  }

  static void putU16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 8);
    bytes[at + 1] = (byte) value;
  }

  static void putU32(byte[] bytes, int at, long value) {
    putU16(bytes, at, (int) (value >>> 16));
    putU16(bytes, at + 2, (int) value);
  }

  static int id(byte[] message) {
    return u16(message, 0);
  }

  static boolean isResponse(byte[] message) {
    return (message[2] & 0x80) != 0;
  }

  static int opcode(byte[] message) {
    return message[2] >>> 3 & 0xF;
  }

  /** The four bits of the header, without those in an OPT record. */
  static int rcode(byte[] message) {
    return message[3] & 0xF;
  }

  /** The position behind the name that begins at {@code at}, or -1 if none begins there. */
  static int skipName(byte[] bytes, int at) {
    int here = at;
    while (here < bytes.length) {
      int length = u8(bytes, here);
      if (length == 0) {
        return here + 1 - at <= MAX_NAME ? here + 1 : -1;
      }
      if (length >= 0xC0) {
        return here + 2 <= bytes.length && pointsBack(bytes, here, at) ? here + 2 : -1;
      }
      if (length > 63) {
        return -1; // label types of RFC 2671 were withdrawn (RFC 6891 section 5)
      }
      here += 1 + length;
    }
    return -1;
  }

  /**
   * The name that begins at {@code at}.
   *
   * @return null if there is none: cut off, too long, or its pointers do not lead back to one
   */
  static Name name(byte[] bytes, int at) {
    byte[] flat = new byte[MAX_NAME];
    int size = 0;
    int here = at;
    int start = at;
    int jumps = 0;
    while (here < bytes.length) {
      int length = u8(bytes, here);
      if (length >= 0xC0) {
        if (here + 2 > bytes.length || !pointsBack(bytes, here, start) || ++jumps > MAX_JUMPS) {
          return null;
        }
        here = u16(bytes, here) & 0x3FFF;
        start = here;
        continue;
      }
      if (length > 63 || here + 1 + length > bytes.length || size + 1 + length > MAX_NAME) {
        return null;
      }
      System.arraycopy(bytes, here, flat, size, 1 + length);
      size += 1 + length;
      here += 1 + length;
      if (length == 0) {
        return ofWire(Arrays.copyOf(flat, size));
      }
    }
    return null;
  }

  private static Name ofWire(byte[] wire) {
    try {
      return new Name(wire);
    } catch (IOException e) {
      throw new UncheckedIOException("a name checked before: " + Arrays.toString(wire), e);
    }
  }

  /** "A prior occurrence" (RFC 1035 section 4.1.4): behind the header, before this name. */
  private static boolean pointsBack(byte[] bytes, int pointerAt, int nameStart) {
    int target = u16(bytes, pointerAt) & 0x3FFF;
    return target >= HEADER && target < nameStart;
  }
}
