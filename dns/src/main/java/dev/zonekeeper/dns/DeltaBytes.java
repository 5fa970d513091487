package dev.zonekeeper.dns;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A {@link Delta} as bytes to keep: a DNS message with the zone in the question section and the
 * records in the authority section, in the order of an IXFR (RFC 1995 section 4).
 */
public final class DeltaBytes {
  private static final int FLAGS = Opcode.NOTIFY << 11;

  private DeltaBytes() {}

  /** The bytes; empty if they do not fit into a DNS message. */
  public static Optional<byte[]> of(Delta delta) {
    MessageWriter message =
        new MessageWriter(0, FLAGS, Wire.MAX_MESSAGE).question(delta.zone(), Type.SOA, DClass.IN);
    boolean fits =
        Delta.inTransferOrder(List.of(delta)).stream()
            .allMatch(record -> message.add(Section.AUTHORITY, record));
    return fits ? Optional.of(message.toBytes()) : Optional.empty();
  }

  /**
   * Reads the bytes back.
   *
   * @throws IOException they are not a delta
   */
  public static Delta read(byte[] bytes) throws IOException {
    Message message;
    try {
      message = new Message(bytes);
    } catch (IOException | RuntimeException e) { // dnsjava throws both, and not always with words
      throw new IOException("not a DNS message: " + e, e);
    }
    Record question = message.getQuestion();
    if (question == null) {
      throw new IOException("no zone is named");
    }
    Name zone = question.getName();
    TransferReader reader = TransferReader.ofChanges(zone);
    if (!reader.takeAll(message.getSection(Section.AUTHORITY)) || reader.deltas().size() != 1) {
      throw new IOException("expected one whole change of " + zone);
    }
    return reader.deltas().getFirst();
  }
}
