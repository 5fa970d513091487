package dev.zonekeeper.dns;

import java.util.Optional;
import java.util.OptionalInt;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Type;

/** One look at a message, as {@link Peek} describes it. */
final class Glance {
  private static final int LEAST_UDP_LIMIT = 512;

  private Name name = Name.root;
  private int type;
  private int dclass;
  private boolean touchesSoa;
  private Optional<Name> tsigKey = Optional.empty();
  private OptionalInt ednsUdpSize = OptionalInt.empty();
  private int rcode;

  private Glance() {}

  static Peek at(byte[] message) {
    if (message.length < Wire.HEADER) {
      return new Peek.Unreadable();
    }
    int id = Wire.id(message);
    int opcode = Wire.opcode(message);
    boolean response = Wire.isResponse(message);
    Glance glance = new Glance();
    if (!glance.question(message, response) || !glance.records(message, opcode)) {
      return new Peek.Malformed(id, opcode, response);
    }
    return new Peek.Readable(
        id,
        opcode,
        response,
        glance.rcode,
        glance.name,
        glance.type,
        glance.dclass,
        glance.touchesSoa,
        glance.tsigKey,
        glance.ednsUdpSize,
        Math.max(LEAST_UDP_LIMIT, glance.ednsUdpSize.orElse(0)));
  }

  private boolean question(byte[] message, boolean response) {
    int questions = Wire.u16(message, Wire.QUESTIONS_AT);
    if (questions == 0) {
      return response;
    }
    int typeAt = Wire.skipName(message, Wire.HEADER);
    if (questions > 1 || typeAt < 0 || typeAt + 4 > message.length) {
      return false;
    }
    name = Wire.name(message, Wire.HEADER);
    type = Wire.u16(message, typeAt);
    dclass = Wire.u16(message, typeAt + 2);
    return name != null;
  }

  private boolean records(byte[] message, int opcode) {
    rcode = Wire.rcode(message);
    RecordCursor cursor = new RecordCursor(message);
    while (cursor.next()) {
      boolean wellPlaced =
          switch (cursor.type()) {
            case Type.OPT -> opt(cursor);
            case Type.TSIG -> tsig(cursor);
            case Type.SOA -> {
              touchesSoa |= opcode == Opcode.UPDATE && cursor.section() == RecordCursor.AUTHORITY;
              yield true;
            }
            default -> true;
          };
      if (!wellPlaced) {
        return false;
      }
    }
    return !cursor.broken();
  }

  private boolean opt(RecordCursor cursor) {
    if (cursor.section() != RecordCursor.ADDITIONAL
        || ednsUdpSize.isPresent()
        || !cursor.ownedByRoot()) {
      return false;
    }
    ednsUdpSize = OptionalInt.of(cursor.dclass());
    rcode |= (int) (cursor.ttl() >>> 24) << 4;
    return true;
  }

  private boolean tsig(RecordCursor cursor) {
    if (!cursor.isLastInMessage() || cursor.dclass() != DClass.ANY) {
      return false;
    }
    tsigKey = Optional.ofNullable(cursor.owner());
    return tsigKey.isPresent();
  }
}
