package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;

/** Zones here are sets of lines, so that a record in a zone twice, or removed twice, is noticed. */
class DeltaPropertiesTest {

  @Property
  void the_condensed_delta_does_what_the_deltas_do_one_after_the_other(
      @ForAll("zones") Set<Line> start,
      @ForAll @Size(min = 1, max = 8) List<@From("zones") Set<Line>> versions) {
    List<Delta> deltas = deltas(start, versions);
    Set<String> zone = lines(start);

    for (Delta delta : deltas) {
      zone = applied(delta, zone);
    }

    assertThat(zone).isEqualTo(lines(versions.getLast()));
    assertThat(applied(Delta.condense(deltas), lines(start))).isEqualTo(zone);
  }

  @Property
  void a_condensed_delta_is_as_short_as_can_be(
      @ForAll("zones") Set<Line> start,
      @ForAll @Size(min = 1, max = 8) List<@From("zones") Set<Line>> versions) {
    Delta net = Delta.condense(deltas(start, versions));

    assertThat(net.removed()).extracting(Record::toString).doesNotHaveDuplicates();
    assertThat(net.added()).extracting(Record::toString).doesNotHaveDuplicates();
    assertThat(
            Collections.disjoint(
                net.removed().stream().map(Record::toString).toList(),
                net.added().stream().map(Record::toString).toList()))
        .isTrue();
  }

  @Property(tries = 200)
  void a_delta_comes_back_from_its_bytes(
      @ForAll("zones") Set<Line> start, @ForAll("zones") Set<Line> end) throws Exception {
    Delta delta = deltas(start, List.of(end)).getFirst();

    byte[] bytes = DeltaBytes.of(delta).orElseThrow();

    assertThat(DeltaBytes.read(bytes)).isEqualTo(delta);
    for (int length = 0; length < bytes.length; length++) {
      byte[] torn = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> DeltaBytes.read(torn)).isInstanceOf(IOException.class);
    }
  }

  @Property(tries = 200)
  void deltas_come_back_from_their_ixfr(
      @ForAll("zones") Set<Line> start,
      @ForAll @Size(min = 1, max = 5) List<@From("zones") Set<Line>> versions)
      throws Exception {
    List<Delta> deltas = deltas(start, versions);
    List<Record> answer = new ArrayList<>();
    answer.add(deltas.getLast().to());
    for (Delta delta : deltas) {
      List<Record> sequence = Delta.inTransferOrder(List.of(delta));
      answer.addAll(sequence.subList(1, sequence.size() - 1));
    }
    answer.add(deltas.getLast().to());

    Message query = Samples.ixfrQuery(1);
    TransferReader reader = TransferReader.ofIxfr(Samples.ZONE, 1);
    TransferProgress progress = new TransferProgress(query.toWire());
    List<byte[]> messages = TransferAnswer.of(query, Samples.KEY.tsig(), answer);

    for (int i = 0; i < messages.size(); i++) {
      boolean last = i == messages.size() - 1;
      assertThat(reader.take(new Message(messages.get(i)))).isEqualTo(last);
      assertThat(progress.take(messages.get(i))).isEqualTo(!last);
    }
    assertThat(reader.deltas()).isEqualTo(deltas);
    assertThat(reader.kind()).isEqualTo(TransferReader.Kind.INCREMENTAL);
    assertThat(progress.kind()).isEqualTo(TransferReader.Kind.INCREMENTAL);
    assertThat(progress.serial()).hasValue(1 + deltas.size());
  }

  /** One record of a small zone: few owners and texts, so that versions overlap much. */
  record Line(int owner, int text, int ttl) {
    Record record() {
      return Samples.txt("n" + owner + ".example.com.", ttl, "t" + text);
    }
  }

  @Provide
  Arbitrary<Set<Line>> zones() {
    Arbitrary<Integer> few = Arbitraries.integers().between(0, 3);
    return Combinators.combine(few, few, Arbitraries.of(60, 600)).as(Line::new).set().ofMaxSize(12);
  }

  private static List<Delta> deltas(Set<Line> start, List<Set<Line>> versions) {
    List<Delta> deltas = new ArrayList<>();
    Set<Line> before = start;
    long serial = 1;
    for (Set<Line> after : versions) {
      deltas.add(
          new Delta(
              Samples.ZONE,
              Samples.soa(serial),
              Samples.soa(++serial),
              missing(before, after),
              missing(after, before)));
      before = after;
    }
    return deltas;
  }

  private static List<Record> missing(Set<Line> here, Set<Line> there) {
    return here.stream().filter(line -> !there.contains(line)).map(Line::record).toList();
  }

  private static Set<String> lines(Set<Line> zone) {
    return new HashSet<>(zone.stream().map(line -> line.record().toString()).toList());
  }

  private static Set<String> applied(Delta delta, Set<String> zone) {
    Set<String> after = new HashSet<>(zone);
    delta.removed().forEach(r -> assertThat(after.remove(r.toString())).as("%s", r).isTrue());
    delta.added().forEach(r -> assertThat(after.add(r.toString())).as("%s", r).isTrue());
    return after;
  }
}
