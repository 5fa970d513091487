package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class TransferProgressTest {

  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final Name SERVER = Name.fromConstantString("ns.example.com.");
  private static final Record A =
      new ARecord(SERVER, DClass.IN, 60, InetAddress.getLoopbackAddress());

  @Test
  void aFullTransferEndsAtTheSecondSoa() throws IOException {
    var progress = new TransferProgress(query(Type.AXFR, OptionalLong.empty()));

    assertThat(progress.serial()).isEmpty();
    assertThat(progress.take(answer(soa(9)))).isTrue();
    assertThat(progress.serial()).hasValue(9);
    assertThat(progress.take(answer(A, A))).isTrue();
    assertThat(progress.take(answer(A, soa(9)))).isFalse();
  }

  @Test
  void aFullTransferMayFitIntoOneMessage() throws IOException {
    var progress = new TransferProgress(query(Type.AXFR, OptionalLong.empty()));

    assertThat(progress.take(answer(soa(9), A, soa(9)))).isFalse();
  }

  @Test
  void anIncrementalTransferEndsWhenTheNewestSerialOpensAnotherChange() throws IOException {
    var progress = new TransferProgress(query(Type.IXFR, OptionalLong.of(7)));

    assertThat(progress.take(answer(soa(9), soa(7), A))).isTrue();
    assertThat(progress.take(answer(soa(8), A))).isTrue();
    assertThat(progress.take(answer(soa(8), soa(9)))).isTrue();
    assertThat(progress.take(answer(A, A, soa(9)))).isFalse();
    assertThat(progress.serial()).hasValue(9);
  }

  @Test
  void anIncrementalTransferMayBeAnsweredByTheWholeZone() throws IOException {
    var progress = new TransferProgress(query(Type.IXFR, OptionalLong.of(7)));

    assertThat(progress.take(answer(soa(9)))).isTrue();
    assertThat(progress.take(answer(A))).isTrue();
    assertThat(progress.take(answer(A, soa(9)))).isFalse();
  }

  @Test
  void aClientThatHasTheZoneGetsOneSoaAndNoMore() throws IOException {
    for (long has : new long[] {9, 10}) {
      var progress = new TransferProgress(query(Type.IXFR, OptionalLong.of(has)));
      assertThat(progress.take(answer(soa(9)))).isFalse();
    }
  }

  @Test
  void serialsAreComparedAsNumbersOnACircle() throws IOException {
    var behind = new TransferProgress(query(Type.IXFR, OptionalLong.of(0xFFFFFFF0L)));
    assertThat(behind.take(answer(soa(5)))).isTrue();

    var ahead = new TransferProgress(query(Type.IXFR, OptionalLong.of(5)));
    assertThat(ahead.take(answer(soa(0xFFFFFFF0L)))).isFalse();
    assertThat(ahead.serial()).hasValue(0xFFFFFFF0L);
  }

  @Test
  void anErrorOrAnEmptyAnswerIsTheEnd() throws IOException {
    byte[] refused = answer();
    refused[3] = Rcode.REFUSED;

    assertThat(new TransferProgress(query(Type.AXFR, OptionalLong.empty())).take(refused))
        .isFalse();
    assertThat(new TransferProgress(query(Type.AXFR, OptionalLong.empty())).take(answer()))
        .isFalse();
  }

  @Test
  void whatIsNoTransferIsAnError() {
    byte[] query = query(Type.AXFR, OptionalLong.empty());

    assertThatThrownBy(() -> new TransferProgress(query).take(query))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> new TransferProgress(query).take(answer(A)))
        .isInstanceOf(IOException.class);
    byte[] whole = answer(soa(9), A, soa(9));
    assertThatThrownBy(
            () -> new TransferProgress(query).take(Arrays.copyOf(whole, whole.length - 40)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> new TransferProgress(query).take(new byte[3]))
        .isInstanceOf(IOException.class);
  }

  @Test
  void theSerialOfAnSoaAnswerIsThatOfItsFirstSoa() {
    assertThat(TransferProgress.soaSerial(answer(A, soa(4000000000L), soa(1))))
        .hasValue(4000000000L);
    assertThat(TransferProgress.soaSerial(answer(A))).isEmpty();
    assertThat(TransferProgress.soaSerial(new byte[2])).isEmpty();
  }

  private static SOARecord soa(long serial) {
    return new SOARecord(ZONE, DClass.IN, 60, SERVER, SERVER, serial, 60, 60, 600, 60);
  }

  private static byte[] query(int type, OptionalLong has) {
    Message message = new Message(7);
    message.addRecord(Record.newRecord(ZONE, type, DClass.IN), Section.QUESTION);
    has.ifPresent(serial -> message.addRecord(soa(serial), Section.AUTHORITY));
    return message.toWire();
  }

  private static byte[] answer(Record... records) {
    Message message = new Message(7);
    message.getHeader().setFlag(Flags.QR);
    for (Record one : records) {
      message.addRecord(one, Section.ANSWER);
    }
    return message.toWire();
  }
}
