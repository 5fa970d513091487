package dev.zonekeeper.dns;

import java.util.Arrays;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * The TSIG record at the end of a message (RFC 8945 section 4.2).
 *
 * @param start where it begins in the message
 * @param key name of the key
 * @param algorithm its name on the wire
 * @param timeSigned seconds since 1970, 48 bits
 * @param fudge seconds that the clocks may differ, 0 to 65535
 * @param mac empty in an answer that says BADKEY or BADSIG
 * @param originalId the ID under which the message was signed
 * @param error a TSIG error or 0
 * @param other the server's time in an answer that says BADTIME
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TsigRr(
    int start,
    Name key,
    Name algorithm,
    long timeSigned,
    int fudge,
    byte[] mac,
    int originalId,
    int error,
    byte[] other) {

  private static final int BEFORE_MAC = 10; // time signed, fudge, MAC size
  private static final int AFTER_MAC = 6; // original ID, error, other length

  /** Reads it; empty if the last record of the message is no TSIG record or not a whole one. */
  static Optional<TsigRr> of(byte[] message) {
    if (message.length < Wire.HEADER) {
      return Optional.empty();
    }
    RecordCursor cursor = new RecordCursor(message);
    while (cursor.next()) {
      if (cursor.isLastInMessage() && cursor.type() == Type.TSIG && cursor.dclass() == DClass.ANY) {
        return Optional.ofNullable(read(message, cursor));
      }
    }
    return Optional.empty();
  }

  private static TsigRr read(byte[] message, RecordCursor cursor) {
    Name key = cursor.owner();
    Name algorithm = Wire.name(message, cursor.dataAt());
    if (key == null || algorithm == null) {
      return null;
    }
    int at = Wire.skipName(message, cursor.dataAt());
    if (at + BEFORE_MAC > cursor.end()) {
      return null;
    }
    int macAt = at + BEFORE_MAC;
    int rest = macAt + Wire.u16(message, at + 8);
    if (rest + AFTER_MAC > cursor.end()
        || rest + AFTER_MAC + Wire.u16(message, rest + 4) != cursor.end()) {
      return null;
    }
    return new TsigRr(
        cursor.start(),
        key,
        algorithm,
        Wire.u48(message, at),
        Wire.u16(message, at + 6),
        Arrays.copyOfRange(message, macAt, rest),
        Wire.u16(message, rest),
        Wire.u16(message, rest + 2),
        Arrays.copyOfRange(message, rest + AFTER_MAC, cursor.end()));
  }

  /** The message with this record at its end and counted in its header. */
  static byte[] append(byte[] message, TsigRr tsig) {
    byte[] owner = tsig.key.toWire();
    byte[] algorithm = tsig.algorithm.toWire();
    int dataLength =
        algorithm.length + BEFORE_MAC + tsig.mac.length + AFTER_MAC + tsig.other.length;
    ByteSink sink = new ByteSink(message.length + owner.length + 10 + dataLength);
    sink.bytes(message)
        .bytes(owner)
        .u16(Type.TSIG)
        .u16(DClass.ANY)
        .u32(0)
        .u16(dataLength)
        .bytes(algorithm)
        .u48(tsig.timeSigned)
        .u16(tsig.fudge)
        .u16(tsig.mac.length)
        .bytes(tsig.mac)
        .u16(tsig.originalId)
        .u16(tsig.error)
        .u16(tsig.other.length)
        .bytes(tsig.other);
    byte[] signed = sink.toBytes();
    Wire.putU16(signed, Wire.ADDITIONAL_AT, Wire.u16(message, Wire.ADDITIONAL_AT) + 1);
    return signed;
  }

  /** The message as it was before this record was appended, original ID included. */
  byte[] without(byte[] message) {
    byte[] bare = Arrays.copyOf(message, start);
    Wire.putU16(bare, 0, originalId);
    Wire.putU16(bare, Wire.ADDITIONAL_AT, Wire.u16(message, Wire.ADDITIONAL_AT) - 1);
    return bare;
  }
}
