package dev.zonekeeper.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/** Answers to SOA and IXFR queries of the local named, from what its agent knows. */
public final class TransferAnswer {
  private static final int QR_AA = 0x8400;

  /** Leaves room for an OPT and a TSIG record within 65,535 octets. */
  private static final int UNSIGNED_LIMIT = 65_000;

  private static final int UDP_SIZE = 1232;

  private TransferAnswer() {}

  /**
   * The messages of an answer, in order, each signed as RFC 8945 section 5.3.1 says. Every one has
   * the question; the first has an OPT record if the query has one (RFC 5936 section 2.2.5).
   *
   * @param query the query; its TSIG record, if it has one, has been verified with {@code key}
   * @param records the answer section: an SOA record alone, or {@link Delta#inTransferOrder}
   * @throws IllegalArgumentException a record is too large for any message
   */
  public static List<byte[]> of(Message query, TSIG key, List<Record> records) {
    List<MessageWriter> messages = new ArrayList<>(List.of(start(query)));
    for (Record record : records) {
      if (!messages.getLast().add(Section.ANSWER, record)) {
        messages.add(start(query));
        if (!messages.getLast().add(Section.ANSWER, record)) {
          throw new IllegalArgumentException("too large for a message: " + record.getName());
        }
      }
    }
    if (query.getOPT() != null) {
      messages.getFirst().opt(UDP_SIZE, new byte[0]);
    }
    Stream<byte[]> bare = messages.stream().map(MessageWriter::toBytes);
    return query.getTSIG() == null
        ? bare.toList()
        : bare.map(MessageSigner.ofAnswer(key, query.getTSIG())::sign).toList();
  }

  private static MessageWriter start(Message query) {
    Record question = query.getQuestion();
    return new MessageWriter(query.getHeader().getID(), QR_AA, UNSIGNED_LIMIT)
        .question(question.getName(), question.getType(), question.getDClass());
  }
}
