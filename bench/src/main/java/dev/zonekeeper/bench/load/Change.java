package dev.zonekeeper.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * What one UPDATE writes: a TXT record at a name.
 *
 * @param zone the zone, absolute
 * @param name the owner of the record, absolute and inside the zone
 * @param value the text, at most 255 bytes of UTF-8
 * @param kind whether other TXT records of the name stay
 */
public record Change(Name zone, Name name, String value, Kind kind) {
  private static final int UPDATE_OPCODE_BITS = 5 << 11;
  private static final int TTL_SECONDS = 60;

  /** What becomes of the TXT records that the name has already. */
  public enum Kind {
    /** They stay; the new one is added (RFC 2136 section 2.5.1). */
    ADD,
    /**
     * They are deleted in the same message (RFC 2136 section 2.5.2), so the new one stands alone.
     */
    REPLACE
  }

  /** A change that adds the record. */
  public static Change add(Name zone, Name name, String value) {
    return new Change(zone, name, value, Kind.ADD);
  }

  /** A change after which the name has this TXT record alone. */
  public static Change replace(Name zone, Name name, String value) {
    return new Change(zone, name, value, Kind.REPLACE);
  }

  /**
   * Appends the message, unsigned and with the ID 0, to the buffer.
   *
   * @throws java.nio.BufferOverflowException if fewer than about 800 bytes are left
   */
  void appendTo(ByteBuffer out) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    byte[] owner = name.toWire();
    out.putShort((short) 0).putShort((short) UPDATE_OPCODE_BITS);
    out.putShort((short) 1).putShort((short) 0);
    out.putShort((short) (kind == Kind.REPLACE ? 2 : 1)).putShort((short) 0);
    out.put(zone.toWire()).putShort((short) Type.SOA).putShort((short) DClass.IN);
    if (kind == Kind.REPLACE) {
      out.put(owner).putShort((short) Type.TXT).putShort((short) DClass.ANY);
      out.putInt(0).putShort((short) 0);
    }
    out.put(owner).putShort((short) Type.TXT).putShort((short) DClass.IN);
    out.putInt(TTL_SECONDS).putShort((short) (text.length + 1));
    out.put((byte) text.length).put(text);
  }
}
