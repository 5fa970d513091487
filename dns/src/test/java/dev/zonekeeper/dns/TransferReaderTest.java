package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class TransferReaderTest {
  private static final Record A = Samples.txt("a.example.com.", 60, "a");
  private static final Record B = Samples.txt("b.example.com.", 60, "b");

  @Test
  void an_soa_record_that_is_not_newer_is_up_to_date() throws IOException {
    for (long head : new long[] {7, 6, 0xFFFF_FFF0L}) {
      Feed feed = new Feed(Samples.ixfrQuery(7));

      assertThat(feed.take(Samples.soa(head))).isTrue();
      assertThat(feed.kind()).isEqualTo(TransferReader.Kind.UP_TO_DATE);
      assertThat(feed.reader.head()).isEqualTo(Samples.soa(head));
      assertThat(feed.reader.deltas()).isEmpty();
    }
  }

  @Test
  void a_newer_soa_record_alone_in_its_message_leaves_open_what_follows() throws IOException {
    Feed whole = new Feed(Samples.ixfrQuery(7));
    assertThat(whole.take(Samples.soa(8))).isFalse();
    assertThat(whole.kind()).isEqualTo(TransferReader.Kind.UNDECIDED);
    assertThat(whole.take(A)).isFalse();
    assertThat(whole.kind()).isEqualTo(TransferReader.Kind.FULL);
    assertThat(whole.take(B, Samples.soa(8))).isTrue();

    Feed changes = new Feed(Samples.ixfrQuery(0xFFFF_FFFFL));
    assertThat(changes.take(Samples.soa(3))).isFalse();
    assertThat(changes.take(Samples.soa(0xFFFF_FFFFL))).isFalse();
    assertThat(changes.kind()).isEqualTo(TransferReader.Kind.INCREMENTAL);
    assertThat(changes.take(A, Samples.soa(3), B)).isFalse();
    assertThat(changes.take(Samples.soa(3))).isTrue();
    assertThat(changes.reader.deltas())
        .containsExactly(
            new Delta(
                Samples.ZONE, Samples.soa(0xFFFF_FFFFL), Samples.soa(3), List.of(A), List.of(B)));
  }

  @Test
  void a_whole_zone_instead_of_changes_is_told_from_the_first_message() throws IOException {
    Feed feed = new Feed(Samples.ixfrQuery(7));

    assertThat(feed.take(Samples.soa(9), A)).isFalse();

    assertThat(feed.kind()).isEqualTo(TransferReader.Kind.FULL);
    assertThat(feed.take(B, Samples.soa(9))).isTrue();
    assertThat(feed.reader.deltas()).isEmpty();
    assertThat(feed.progress.serial()).hasValue(9);
  }

  @Test
  void a_zone_of_an_soa_record_alone_is_whole_with_its_second() throws IOException {
    TransferProgress progress = new TransferProgress(axfrQuery());

    assertThat(progress.take(answer(Samples.soa(9), Samples.soa(9)))).isFalse();
    assertThat(progress.kind()).isEqualTo(TransferReader.Kind.FULL);
  }

  @Test
  void an_soa_record_alone_never_ends_a_whole_zone() throws IOException {
    TransferProgress progress = new TransferProgress(axfrQuery());

    assertThat(progress.take(answer(Samples.soa(9)))).isTrue();
    assertThat(progress.complete()).isFalse();
    assertThat(progress.take(answer(A, Samples.soa(9)))).isFalse();
    assertThat(progress.complete()).isTrue();
  }

  @Test
  void what_is_out_of_order_is_refused() throws IOException {
    assertRefused("expected the zone's SOA record first", A);
    assertThatIOException()
        .isThrownBy(() -> TransferReader.ofIxfr(Samples.ZONE, 7).take(new Message(answer())))
        .withMessageContaining("without records");
    assertRefused("behind the last", Samples.soa(9), A, Samples.soa(9), B);
    assertRefused("serial 7, found 6", Samples.soa(9), Samples.soa(6));
    assertRefused("serial 9, found 8", Samples.soa(9), A, Samples.soa(8));
    assertRefused(
        "serial 8, found 7", Samples.soa(9), Samples.soa(7), Samples.soa(8), Samples.soa(7));
    assertThatIOException()
        .isThrownBy(
            () -> new TransferProgress(axfrQuery()).take(answer(Samples.soa(9), Samples.soa(7))))
        .withMessageContaining("the whole zone");
  }

  @Test
  void the_soa_record_of_another_zone_is_refused() {
    Record other = Samples.soa(9).withName(Samples.name("example.org."));

    assertThatIOException()
        .isThrownBy(() -> TransferReader.ofIxfr(Samples.ZONE, 7).take(new Message(answer(other))))
        .withMessageContaining("example.org.");
  }

  @Test
  void an_rcode_ends_it() throws IOException {
    Message refused = new Message();
    refused.getHeader().setFlag(Flags.QR);
    refused.getHeader().setRcode(Rcode.REFUSED);

    assertThatIOException()
        .isThrownBy(() -> TransferReader.ofIxfr(Samples.ZONE, 7).take(refused))
        .withMessageContaining("REFUSED");
    TransferProgress progress = new TransferProgress(axfrQuery());
    assertThat(progress.take(refused.toWire())).isFalse();
    assertThat(progress.complete()).isFalse();
    assertThat(progress.kind()).isEqualTo(TransferReader.Kind.UNDECIDED);
  }

  @Test
  void changes_past_all_use_are_counted_but_not_kept() throws IOException {
    TransferReader reader = TransferReader.ofIxfr(Samples.ZONE, 7);
    List<Record> many = Collections.nCopies(TransferReader.MAX_KEPT_RECORDS + 1, A);

    reader.takeAll(List.of(Samples.soa(9), Samples.soa(7), A, Samples.soa(8), Samples.soa(8)));
    reader.takeAll(many);
    assertThat(reader.takeAll(List.of(Samples.soa(9), Samples.soa(9)))).isTrue();

    assertThat(reader.kind()).isEqualTo(TransferReader.Kind.INCREMENTAL);
    assertThat(reader.deltas()).isEmpty();
    assertThat(reader.head()).isEqualTo(Samples.soa(9));
  }

  @Test
  void an_soa_record_of_another_name_is_refused_wherever_it_stands() {
    Record strange = Samples.soa(8).withName(Samples.name("a.example.com."));

    assertThatIOException()
        .isThrownBy(() ->
            TransferReader.ofChanges(Samples.ZONE)
                .takeAll(List.of(Samples.soa(8), Samples.soa(7), strange, Samples.soa(8))))
        .withMessageContaining("found the SOA record of a.example.com.");
  }

  private static void assertRefused(String complaint, Record... records) throws IOException {
    byte[] message = answer(records);
    assertThatIOException()
        .isThrownBy(() -> TransferReader.ofIxfr(Samples.ZONE, 7).take(new Message(message)))
        .withMessageContaining(complaint);
    assertThatIOException()
        .isThrownBy(() -> new TransferProgress(Samples.ixfrQuery(7).toWire()).take(message))
        .withMessageContaining(complaint);
  }

  private static byte[] axfrQuery() {
    return Samples.query("example.com.", Type.AXFR).toWire();
  }

  private static byte[] answer(Record... records) {
    Message answer = new Message();
    answer.getHeader().setFlag(Flags.QR);
    List.of(records).forEach(record -> answer.addRecord(record, Section.ANSWER));
    return answer.toWire();
  }

  /** Feeds the same messages to a reader and to one that only watches; they must agree. */
  private static final class Feed {
    private final TransferReader reader;
    private final TransferProgress progress;

    Feed(Message query) {
      this.progress = new TransferProgress(query.toWire());
      this.reader =
          TransferReader.ofIxfr(
              Samples.ZONE,
              ((org.xbill.DNS.SOARecord) query.getSection(Section.AUTHORITY).getFirst())
                  .getSerial());
    }

    boolean take(Record... records) throws IOException {
      return take(answer(records));
    }

    boolean take(byte[] message) throws IOException {
      boolean complete = reader.take(new Message(message));
      assertThat(progress.take(message)).isEqualTo(!complete);
      assertThat(progress.complete()).isEqualTo(complete);
      return complete;
    }

    TransferReader.Kind kind() {
      assertThat(progress.kind()).isEqualTo(reader.kind());
      return reader.kind();
    }
  }
}
