package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

class AliasedAnswerTest {
  private static final Name ALIAS = Name.fromConstantString("www.example.com.");
  private static final Name TARGET = Name.fromConstantString("host.example.org.");
  private static final Name ZONE = Name.fromConstantString("example.org.");

  private static byte[] message(Record[] answers, Record... authority) {
    Message message = new Message(1);
    for (Record record : answers) {
      message.addRecord(record, Section.ANSWER);
    }
    for (Record record : authority) {
      message.addRecord(record, Section.AUTHORITY);
    }
    return message.toWire();
  }

  private static Record alias() {
    return new CNAMERecord(ALIAS, DClass.IN, 300, TARGET);
  }

  private static Record address(Name owner) {
    return new ARecord(owner, DClass.IN, 300, InetAddress.getLoopbackAddress());
  }

  @Test
  void anAnswerWithAnAliasSpeaksOfWhereItLeads() {
    assertThat(AliasedAnswer.owners(message(new Record[] {alias(), address(TARGET)})))
        .containsExactly(ALIAS, TARGET);
  }

  @Test
  void thatThereIsNothingAtTheTargetIsSaidByItsZone() {
    Record soa = new SOARecord(ZONE, DClass.IN, 300, ZONE, ZONE, 1, 3600, 600, 86400, 300);
    assertThat(AliasedAnswer.owners(message(new Record[] {alias()}, soa)))
        .containsExactly(ALIAS, ZONE);
  }

  @Test
  void anAnswerWithoutAnAliasSpeaksOfWhatWasAskedFor() {
    assertThat(AliasedAnswer.owners(message(new Record[] {address(TARGET)}))).isEmpty();
    assertThat(AliasedAnswer.owners(message(new Record[0]))).isEmpty();
  }
}
