package dev.zonekeeper.dns;

import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/** Answers to SOA and IXFR queries of the local named, from what its agent knows. */
public final class TransferAnswer {
  /** Room for the header, the question and the TSIG record within 65,535 octets. */
  private static final int RECORD_OCTETS = 60_000;

  private TransferAnswer() {}

  /**
   * The messages of an answer, in order, each signed as RFC 8945 section 5.3.1 says.
   *
   * @param query the query; its TSIG record, if it has one, has been verified with {@code key}
   * @param records the answer section: an SOA record alone, or {@link Delta#inTransferOrder}
   */
  public static List<byte[]> of(Message query, TSIG key, List<Record> records) {
    List<byte[]> messages = new ArrayList<>();
    TSIG.StreamGenerator signer =
        query.getTSIG() == null ? null : new TSIG.StreamGenerator(key, query.getTSIG());
    Message message = start(query);
    int octets = 0;
    for (Record record : records) {
      int size = record.toWire(Section.ANSWER).length;
      if (octets > 0 && octets + size > RECORD_OCTETS) {
        messages.add(finish(message, signer));
        message = start(query);
        octets = 0;
      }
      message.addRecord(record, Section.ANSWER);
      octets += size;
    }
    messages.add(finish(message, signer));
    return messages;
  }

  private static Message start(Message query) {
    Message message = new Message(query.getHeader().getID());
    Header header = message.getHeader();
    header.setFlag(Flags.QR);
    header.setFlag(Flags.AA);
    header.setOpcode(Opcode.QUERY);
    header.setRcode(Rcode.NOERROR);
    message.addRecord(query.getQuestion(), Section.QUESTION);
    return message;
  }

  private static byte[] finish(Message message, TSIG.StreamGenerator signer) {
    if (signer != null) {
      signer.generate(message);
    }
    return message.toWire();
  }
}
