package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.dns.net.DnsServer;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.ServerLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A real named takes our answers for those of its primary. */
@Timeout(60)
class NamedFollowsTest {
  private static final Name ZONE = Samples.ZONE;

  @TempDir Path folder;

  private final List<Integer> transfersAsked = new CopyOnWriteArrayList<>();
  private volatile SOARecord head = Samples.soa(1);
  private volatile Delta delta;
  private DnsServer primary;
  private SecondaryNamed named;

  @BeforeEach
  void start() throws Exception {
    primary =
        DnsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            EnumSet.allOf(DnsServer.Transport.class),
            ServerLimits.DEFAULT,
            this::answer);
    named = SecondaryNamed.start(folder, ZONE, primary.address(), Samples.KEY);
    named.awaitSerial(ZONE, 1);
  }

  @AfterEach
  void stop() throws Exception {
    if (named != null) {
      named.close();
    }
    primary.close();
  }

  @Test
  void signed_changes_are_taken_one_after_the_other() throws Exception {
    Record first = Samples.txt("a.example.com.", 300, "one");
    Record second = Samples.txt("a.example.com.", 300, "two");
    change(2, List.of(), List.of(first));
    assertThat(named.answers(first.getName(), Type.TXT)).containsExactly(first);

    change(3, List.of(first), List.of(second));
    assertThat(named.answers(first.getName(), Type.TXT)).containsExactly(second);

    change(4, List.of(second), List.of());
    assertThat(named.answers(first.getName(), Type.TXT)).isEmpty();
    assertThat(transfersAsked).containsExactly(Type.AXFR, Type.IXFR, Type.IXFR, Type.IXFR);
  }

  @Test
  void a_change_of_several_signed_messages_is_taken() throws Exception {
    List<Record> added = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      added.add(Samples.txt("n" + i + ".example.com.", 300, "some text of record number " + i));
    }

    change(2, List.of(), added);

    assertThat(
            TransferAnswer.of(
                Samples.ixfrQuery(1), Samples.KEY.tsig(), Delta.inTransferOrder(List.of(delta))))
        .hasSizeGreaterThan(2);
    assertThat(named.answers(Samples.name("n4999.example.com."), Type.TXT))
        .containsExactly(added.getLast());
    assertThat(transfersAsked).containsExactly(Type.AXFR, Type.IXFR);
  }

  @Test
  void a_condensed_change_with_another_ttl_and_mixed_case_is_taken() throws Exception {
    Name alias = Samples.name("Alias.example.com.");
    Record old = new CNAMERecord(alias, DClass.IN, 300, Samples.name("Target.Example.Com."));
    Record longer = new CNAMERecord(alias, DClass.IN, 600, Samples.name("Target.Example.Com."));
    Record passing = Samples.txt("passing.example.com.", 300, "x");
    change(2, List.of(), List.of(old));

    change(
        Delta.condense(
            List.of(
                change(head, 3, List.of(old), List.of(longer, passing)),
                change(Samples.soa(3), 4, List.of(passing), List.of()))));

    Record answered = named.answers(alias, Type.CNAME).getFirst();
    assertThat(answered.getTTL()).isEqualTo(600);
    assertThat(answered.rdataToString()).isEqualTo("Target.Example.Com.");
    assertThat(named.answers(passing.getName(), Type.TXT)).isEmpty();
    assertThat(transfersAsked).containsExactly(Type.AXFR, Type.IXFR, Type.IXFR);
  }

  private void change(long serial, List<Record> removed, List<Record> added) throws IOException {
    change(change(head, serial, removed, added));
  }

  private static Delta change(
      SOARecord from, long serial, List<Record> removed, List<Record> added) {
    return new Delta(ZONE, from, Samples.soa(serial), removed, added);
  }

  private void change(Delta next) throws IOException {
    delta = next;
    head = next.to();
    named.notifyOf(ZONE);
    named.awaitSerial(ZONE, head.getSerial());
  }

  private void answer(byte[] bytes, Exchange exchange) throws IOException {
    Message query = new Message(bytes);
    if (query.getTSIG() == null || Samples.KEY.tsig().verify(query, bytes, null) != Rcode.NOERROR) {
      return;
    }
    int type = query.getQuestion().getType();
    if (type != Type.SOA) {
      transfersAsked.add(type);
    }
    List<Record> records =
        switch (type) {
          case Type.AXFR -> zone();
          case Type.IXFR -> changesFrom(query);
          default -> List.of(head);
        };
    for (byte[] message : TransferAnswer.of(query, Samples.KEY.tsig(), records)) {
      exchange.answer(message);
    }
  }

  private List<Record> changesFrom(Message query) {
    SOARecord have = (SOARecord) query.getSection(Section.AUTHORITY).getFirst();
    return have.getSerial() == head.getSerial()
        ? List.of(head)
        : Delta.inTransferOrder(List.of(delta));
  }

  /** Only its first version is ever transferred as a whole. */
  private List<Record> zone() {
    Name ns = Samples.name("ns.example.com.");
    return List.of(
        head,
        new NSRecord(ZONE, DClass.IN, 300, ns),
        new ARecord(ns, DClass.IN, 300, InetAddress.getLoopbackAddress()),
        head);
  }
}
