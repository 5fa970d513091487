package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class PeekPropertiesTest {

  @Property
  void any_bytes_get_an_answer(@ForAll byte[] bytes) {
    assertThat(Peek.of(bytes)).isNotNull();
    assertThat(TsigRr.of(bytes)).isNotNull();
  }

  @Property
  void any_damage_to_a_message_gets_an_answer(
      @ForAll("messages") Message message, @ForAll Random random) {
    byte[] bytes = message.toWire(65_535);
    for (int i = 0; i < 1 + random.nextInt(8); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }

    assertThat(Peek.of(bytes)).isNotNull();
    assertThat(TsigRr.of(bytes)).isNotNull();
  }

  @Property
  void a_valid_message_is_seen_as_dnsjava_parses_it(@ForAll("messages") Message message)
      throws Exception {
    byte[] bytes = message.toWire(65_535);
    Message parsed = new Message(bytes);

    Peek.Readable seen = (Peek.Readable) Peek.of(bytes);

    assertThat(seen.id()).isEqualTo(parsed.getHeader().getID());
    assertThat(seen.opcode()).isEqualTo(parsed.getHeader().getOpcode());
    assertThat(seen.response()).isEqualTo(parsed.getHeader().getFlag(Flags.QR));
    assertThat(seen.rcode()).isEqualTo(parsed.getRcode());
    assertThat(seen.name()).isEqualTo(parsed.getQuestion().getName());
    assertThat(seen.type()).isEqualTo(parsed.getQuestion().getType());
    assertThat(seen.dclass()).isEqualTo(parsed.getQuestion().getDClass());
    assertThat(seen.ednsUdpSize().isPresent()).isEqualTo(parsed.getOPT() != null);
    assertThat(seen.tsigKey().isPresent()).isEqualTo(parsed.getTSIG() != null);
    assertThat(seen.touchesSoa())
        .isEqualTo(
            parsed.getHeader().getOpcode() == Opcode.UPDATE
                && parsed.getSection(Section.UPDATE).stream()
                    .anyMatch(r -> r.getType() == Type.SOA));
  }

  @Provide
  Arbitrary<Message> messages() {
    Arbitrary<Integer> opcodes = Arbitraries.of(Opcode.QUERY, Opcode.NOTIFY, Opcode.UPDATE);
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return Combinators.combine(opcodes, names(), records().list().ofMaxSize(6), flags, flags, flags)
        .as(PeekPropertiesTest::message);
  }

  private static Message message(
      int opcode,
      Name name,
      java.util.List<Record> records,
      boolean response,
      boolean edns,
      boolean signed) {
    Message message = new Message();
    message.getHeader().setOpcode(opcode);
    if (response) {
      message.getHeader().setFlag(Flags.QR);
    }
    message.addRecord(Record.newRecord(name, Type.SOA, DClass.IN), Section.QUESTION);
    for (int i = 0; i < records.size(); i++) {
      message.addRecord(records.get(i), 1 + i % 3);
    }
    if (edns) {
      message.addRecord(new OPTRecord(1400, 0, 0), Section.ADDITIONAL);
    }
    if (signed) {
      message.setTSIG(Samples.KEY.tsig());
    }
    return message;
  }

  private static Arbitrary<Name> names() {
    return Arbitraries.strings()
        .withCharRange('a', 'e')
        .ofMinLength(1)
        .ofMaxLength(3)
        .list()
        .ofMaxSize(4)
        .map(labels -> Samples.name(String.join(".", labels) + "."));
  }

  private static Arbitrary<Record> records() {
    return names()
        .flatMap(owner ->
            Arbitraries.of(
                Samples.txt(owner.toString(), 5, "x"),
                Samples.soa(7).withName(owner),
                Record.newRecord(owner, 65_280, DClass.IN, 9, new byte[] {(byte) 0xC0, 1})));
  }
}
