package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

class TransferAnswerTest {

  @Test
  void an_answer_has_the_querys_id_and_question_and_is_authoritative() throws IOException {
    Message query = Samples.soaQuery();

    Message answer = only(TransferAnswer.of(query, Samples.KEY.tsig(), List.of(Samples.soa(7))));

    assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
    assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
    assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
    assertThat(answer.getHeader().getFlag(Flags.RD)).isFalse();
    assertThat(answer.getQuestion()).isEqualTo(query.getQuestion());
    assertThat(answer.getSection(Section.ANSWER)).containsExactly(Samples.soa(7));
    assertThat(answer.getTSIG()).isNull();
  }

  @Test
  void a_large_answer_is_split_and_each_message_is_signed_over_the_one_before() throws IOException {
    Message query = signed(Samples.ixfrQuery(7));
    List<Record> added = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      added.add(Samples.txt("n" + i + ".example.com.", 60, "some text of a record, number " + i));
    }
    Delta delta = new Delta(Samples.ZONE, Samples.soa(7), Samples.soa(8), List.of(), added);

    List<byte[]> messages =
        TransferAnswer.of(query, Samples.KEY.tsig(), Delta.inTransferOrder(List.of(delta)));

    assertThat(messages).hasSizeBetween(4, 10).allMatch(m -> m.length <= 65_535);
    TSIG.StreamVerifier verifier = new TSIG.StreamVerifier(Samples.KEY.tsig(), query.getTSIG());
    TransferReader reader = TransferReader.ofIxfr(Samples.ZONE, 7);
    boolean complete = false;
    for (byte[] bytes : messages) {
      Message message = new Message(bytes);
      assertThat(verifier.verify(message, bytes, true)).isEqualTo(Rcode.NOERROR);
      assertThat(complete).isFalse();
      complete = reader.take(message);
    }
    assertThat(complete).isTrue();
    assertThat(reader.deltas()).containsExactly(delta);
  }

  @Test
  void names_keep_their_case() throws IOException {
    List<Record> mixed =
        List.of(
            Samples.txt("www.EXAMPLE.com.", 60, "x"),
            Samples.txt("WWW.example.com.", 60, "x"),
            new CNAMERecord(
                Samples.name("c.example.com."), DClass.IN, 60, Samples.name("Www.Example.Com.")),
            Samples.txt("xexample.com.", 60, "not below the zone"),
            Samples.txt("com.", 60, "nor this"));

    Message answer = only(TransferAnswer.of(Samples.ixfrQuery(7), Samples.KEY.tsig(), mixed));

    assertThat(answer.getSection(Section.ANSWER))
        .extracting(Record::toString)
        .containsExactlyElementsOf(mixed.stream().map(Record::toString).toList());
  }

  @Test
  void owners_are_compressed_against_the_question() {
    byte[] answer =
        TransferAnswer.of(Samples.soaQuery(), Samples.KEY.tsig(), List.of(Samples.soa(7)))
            .getFirst();

    int question = 12 + 13 + 4;
    assertThat(Arrays.copyOfRange(answer, question, question + 2)).containsExactly(0xC0, 12);
  }

  @Test
  void the_first_message_has_an_opt_record_when_the_query_has_one() throws IOException {
    Message query = Samples.soaQuery();
    query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
    Message signed = signed(query);

    byte[] bytes =
        TransferAnswer.of(signed, Samples.KEY.tsig(), List.of(Samples.soa(7))).getFirst();

    Message answer = new Message(bytes);
    assertThat(answer.getOPT()).isNotNull();
    assertThat(Samples.KEY.tsig().verify(answer, bytes, signed.getTSIG())).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void a_zone_that_is_the_root_is_answered_too() throws IOException {
    Message query = Samples.query(".", Type.SOA);
    Record soa = Samples.soa(7).withName(Samples.name("."));

    assertThat(
            only(TransferAnswer.of(query, Samples.KEY.tsig(), List.of(soa)))
                .getSection(Section.ANSWER))
        .containsExactly(soa);
  }

  private static Message signed(Message query) throws IOException {
    query.setTSIG(Samples.KEY.tsig());
    return new Message(query.toWire(65_535));
  }

  private static Message only(List<byte[]> messages) throws IOException {
    assertThat(messages).hasSize(1);
    return new Message(messages.getFirst());
  }
}
