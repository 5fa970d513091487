package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

class PeekTest {

  @Test
  void a_plain_query_is_readable_with_its_question_and_the_old_udp_limit() {
    Message query = Samples.query("www.Example.com.", Type.AAAA);

    Peek.Readable seen = readable(query.toWire());

    assertThat(seen)
        .isEqualTo(
            new Peek.Readable(
                query.getHeader().getID(),
                Opcode.QUERY,
                false,
                Rcode.NOERROR,
                Name.fromConstantString("www.example.com."),
                Type.AAAA,
                DClass.IN,
                false,
                Optional.empty(),
                OptionalInt.empty(),
                512));
    assertThat(seen.name()).hasToString("www.Example.com.");
  }

  @Test
  void the_key_of_a_signed_message_is_named_whatever_its_case() {
    Update update = Samples.update();
    update.setTSIG(Samples.key("Update-KEY.").tsig());

    assertThat(readable(update.toWire(65_535)).tsigKey()).hasValue(Samples.KEY.name());
  }

  @Test
  void the_udp_limit_is_what_edns_says_and_never_below_512() {
    assertThat(readable(withOpt(new OPTRecord(4096, 0, 0))).udpLimit()).isEqualTo(4096);

    Peek.Readable stingy = readable(withOpt(new OPTRecord(100, 0, 0)));
    assertThat(stingy.ednsUdpSize()).hasValue(100);
    assertThat(stingy.udpLimit()).isEqualTo(512);
  }

  @Test
  void a_higher_edns_version_is_left_to_named() {
    assertThat(readable(withOpt(new OPTRecord(1232, 0, 1))).ednsUdpSize()).hasValue(1232);
  }

  @Test
  void the_rcode_has_the_upper_bits_of_edns() {
    Message answer = new Message(withOptMessage(new OPTRecord(1232, 1, 0)).getHeader().getID());
    answer.getHeader().setFlag(org.xbill.DNS.Flags.QR);
    answer.addRecord(new OPTRecord(1232, 1, 0), Section.ADDITIONAL);

    assertThat(readable(answer.toWire()).rcode()).isEqualTo(Rcode.BADVERS);
  }

  @Test
  void an_update_touches_the_soa_when_its_update_section_names_that_type_in_any_class() {
    for (int dclass : new int[] {DClass.IN, DClass.NONE, DClass.ANY}) {
      Message update = Message.newUpdate(Samples.ZONE);
      update.addRecord(
          dclass == DClass.ANY
              ? Record.newRecord(Samples.ZONE, Type.SOA, dclass, 0)
              : Record.newRecord(
                  Samples.ZONE, Type.SOA, dclass, 0, Samples.soa(1).rdataToWireCanonical()),
          Section.UPDATE);

      assertThat(readable(update.toWire()).touchesSoa()).as("class %d", dclass).isTrue();
    }
  }

  @Test
  void a_prerequisite_on_the_soa_or_a_deleted_name_does_not_touch_it() {
    Update update = Samples.update();
    update.present(Samples.ZONE, Type.SOA);
    update.delete(Samples.ZONE);

    assertThat(readable(update.toWire()).touchesSoa()).isFalse();
  }

  @Test
  void an_update_with_empty_sections_is_readable() {
    assertThat(readable(Message.newUpdate(Samples.ZONE).toWire()))
        .extracting(Peek.Readable::opcode, Peek.Readable::type, Peek.Readable::touchesSoa)
        .containsExactly(Opcode.UPDATE, Type.SOA, false);
  }

  @Test
  void a_record_of_an_unknown_type_is_no_obstacle() {
    Message update = Message.newUpdate(Samples.ZONE);
    update.addRecord(
        Record.newRecord(Samples.ZONE, 65_280, DClass.IN, 1, new byte[] {1, 2, 3}), Section.UPDATE);

    assertThat(Peek.of(update.toWire())).isInstanceOf(Peek.Readable.class);
  }

  @Test
  void what_is_shorter_than_a_header_is_unreadable() {
    byte[] query = Samples.soaQuery().toWire();

    for (int length = 0; length < 12; length++) {
      assertThat(Peek.of(Arrays.copyOf(query, length))).isEqualTo(new Peek.Unreadable());
    }
  }

  @Test
  void a_message_cut_anywhere_behind_its_header_is_malformed() {
    Update update = Samples.update();
    update.setTSIG(Samples.KEY.tsig());
    byte[] whole = update.toWire(65_535);

    for (int length = 12; length < whole.length; length++) {
      assertThat(Peek.of(Arrays.copyOf(whole, length)))
          .as("cut to %d of %d", length, whole.length)
          .isEqualTo(new Peek.Malformed(update.getHeader().getID(), Opcode.UPDATE, false));
    }
  }

  @Test
  void only_a_response_may_come_without_a_question() {
    byte[] bare = new byte[12];
    assertThat(Peek.of(bare)).isEqualTo(new Peek.Malformed(0, 0, false));

    bare[2] = (byte) 0x80;
    assertThat(readable(bare).name()).isEqualTo(Name.root);
  }

  @Test
  void two_questions_are_malformed() {
    byte[] query = Samples.soaQuery().toWire();
    byte[] twice = Arrays.copyOf(query, 2 * query.length - 12);
    System.arraycopy(query, 12, twice, query.length, query.length - 12);
    twice[5] = 2;

    assertThat(Peek.of(twice)).isInstanceOf(Peek.Malformed.class);
  }

  @Test
  void a_second_opt_record_or_one_out_of_place_is_malformed() {
    Message two = withOptMessage(new OPTRecord(1232, 0, 0));
    two.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
    assertThat(Peek.of(two.toWire())).isInstanceOf(Peek.Malformed.class);

    Message misplaced = Samples.soaQuery();
    misplaced.addRecord(new OPTRecord(1232, 0, 0), Section.ANSWER);
    assertThat(Peek.of(misplaced.toWire())).isInstanceOf(Peek.Malformed.class);
  }

  @Test
  void a_tsig_record_that_is_not_the_last_is_malformed() {
    byte[] signed = TsigChain.ofRequest(Samples.KEY, Samples.AT_NOON).sign(query());
    byte[] followed =
        new ByteSink(signed.length + 11)
            .bytes(signed)
            .bytes(new byte[] {0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 0})
            .toBytes();
    followed[11] = 2;

    assertThat(Peek.of(signed)).isInstanceOf(Peek.Readable.class);
    assertThat(Peek.of(followed)).isInstanceOf(Peek.Malformed.class);
  }

  @Test
  void compression_pointers_that_go_in_circles_or_forward_are_malformed() {
    byte[] self = query();
    self[12] = (byte) 0xC0;
    self[13] = 12;
    assertThat(Peek.of(self)).isInstanceOf(Peek.Malformed.class);

    byte[] forward = query();
    forward[12] = (byte) 0xC0;
    forward[13] = 20;
    assertThat(Peek.of(forward)).isInstanceOf(Peek.Malformed.class);

    byte[] intoTheHeader = query();
    intoTheHeader[12] = (byte) 0xC0;
    intoTheHeader[13] = 4;
    assertThat(Peek.of(intoTheHeader)).isInstanceOf(Peek.Malformed.class);
  }

  @Test
  void a_name_of_pointers_to_pointers_is_given_up_soon() {
    ByteSink sink = new ByteSink(16_000).bytes(query());
    int at = sink.size();
    sink.u16(0xC000 | 12).u16(Type.TXT).u16(DClass.IN).u32(0).u16(2 * 7000);
    int chain = sink.size();
    sink.u16(0xC000 | 12);
    for (int i = 1; i < 7000; i++) {
      sink.u16(0xC000 | chain + 2 * (i - 1));
    }
    int last = sink.size() - 2;
    byte[] signed = sink.u16(0xC000 | last).u16(Type.TSIG).u16(DClass.ANY).u32(0).u16(0).toBytes();
    signed[11] = 2;

    assertThat(at).isPositive();
    assertThat(Peek.of(signed)).isInstanceOf(Peek.Malformed.class);
  }

  @Test
  void counts_that_promise_more_than_there_is_are_malformed() {
    byte[] boasting = query();
    Arrays.fill(boasting, 6, 12, (byte) 0xFF);

    assertThat(Peek.of(boasting)).isInstanceOf(Peek.Malformed.class);
  }

  private static byte[] query() {
    return Samples.soaQuery().toWire();
  }

  private static byte[] withOpt(OPTRecord opt) {
    return withOptMessage(opt).toWire();
  }

  private static Message withOptMessage(OPTRecord opt) {
    Message query = Samples.soaQuery();
    query.addRecord(opt, Section.ADDITIONAL);
    return query;
  }

  private static Peek.Readable readable(byte[] message) {
    assertThat(Peek.of(message)).isInstanceOf(Peek.Readable.class);
    return (Peek.Readable) Peek.of(message);
  }
}
