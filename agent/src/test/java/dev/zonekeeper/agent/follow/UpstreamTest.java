package dev.zonekeeper.agent.follow;

import static dev.zonekeeper.agent.follow.FakeZones.soaOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.agent.elect.LeaseFollower;
import dev.zonekeeper.agent.home.MemberHome;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.TransferAnswer;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.DnsServer;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.Handler;
import dev.zonekeeper.dns.net.ServerLimits;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * The test is the local named, BIND 9.20: it keeps the connection of a transfer open when it has
 * taken it over.
 */
class UpstreamTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final TSIG KEY =
      new TSIG(TSIG.HMAC_SHA256, Name.fromConstantString("k."), new byte[32]);
  private static final long OLD = 1;
  private static final long NEW = 9;

  @TempDir private Path folder;
  private final FakeZones named = new FakeZones();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Resync resync;
  private Upstream upstream;
  private Socket connection;

  /** What the leader answers to a transfer query. */
  private List<Record> transfer = List.of();

  @BeforeEach
  void open() throws IOException {
    MemberHome home = MemberHome.open("primary-0", folder, new SecureRandom());
    opened.add(home);
    named.hasData = true;
    named.serial = OptionalLong.of(OLD);
    resync = new Resync(home.markers(), named, () -> {}, zone -> {});
    DnsServer leader = server(this::leads);
    DnsPool pool = new DnsPool(leader.address(), DnsPool.Limits.PEER, Optional.empty());
    opened.add(pool);
    Follower follower =
        new Follower(
            new LeaseFollower(l -> {}),
            named,
            resync,
            () -> new Sender("primary-0", "1"),
            Duration.ofSeconds(1),
            Optional.empty(),
            z -> false);
    upstream = new Upstream(follower, named, resync, () -> pool, () -> KEY);
    connection = new Socket(InetAddress.getLoopbackAddress(), server(upstream).address().getPort());
    opened.add(connection);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private DnsServer server(Handler handler) throws IOException {
    DnsServer server =
        DnsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            EnumSet.of(DnsServer.Transport.TCP),
            ServerLimits.DEFAULT,
            handler);
    opened.add(server);
    return server;
  }

  private void leads(byte[] bytes, Exchange exchange) throws IOException {
    for (byte[] message : TransferAnswer.of(new Message(bytes), KEY, transfer)) {
      exchange.answer(message);
    }
  }

  private static Message axfr() {
    return Message.newQuery(Record.newRecord(ZONE, Type.AXFR, DClass.IN));
  }

  private static Message ixfr() {
    Message query = Message.newQuery(Record.newRecord(ZONE, Type.IXFR, DClass.IN));
    query.addRecord(soaOf(ZONE, OLD), Section.AUTHORITY);
    return query;
  }

  /** Asks for the zone and reads the answer, but leaves the connection open. */
  private void receive(Message query) throws IOException {
    query.setTSIG(KEY);
    byte[] bytes = query.toWire(65_535);
    DataOutputStream out = new DataOutputStream(connection.getOutputStream());
    out.writeShort(bytes.length);
    out.write(bytes);
    out.flush();
    DataInputStream in = new DataInputStream(connection.getInputStream());
    int ends = 0;
    int records = 0;
    while (records < transfer.size()) {
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      records += new Message(answer).getSection(Section.ANSWER).size();
      ends++;
    }
    assertThat(ends).isPositive();
  }

  private static List<Record> wholeZone() {
    return List.of(soaOf(ZONE, NEW), text(0), soaOf(ZONE, NEW));
  }

  /** Changes of some hundred kilobytes. */
  private static List<Record> manyChanges() {
    List<Record> records = new ArrayList<>();
    SOARecord head = soaOf(ZONE, NEW);
    records.add(head);
    records.add(soaOf(ZONE, OLD));
    records.add(head);
    for (int i = 0; i < 2000; i++) {
      records.add(text(i));
    }
    records.add(head);
    return records;
  }

  private static Record text(int number) {
    Name name = Name.fromConstantString("t" + number + ".example.com.");
    return new TXTRecord(name, DClass.IN, 300, "x".repeat(200));
  }

  @Test
  void aFullTransferIsOverWhenNamedServesItsSerial() throws IOException {
    transfer = wholeZone();
    receive(axfr());
    assertThat(resync.isUnderWay(ZONE)).isTrue();
    assertThat(named.saves).hasValue(0);

    named.serial = OptionalLong.of(NEW);

    await().until(() -> !resync.isUnderWay(ZONE));
    assertThat(connection.getInputStream().available()).isZero();
  }

  /** Then its serial does not tell whether named has taken the zone over yet. */
  @Test
  void aFullTransferOfTheSerialThatNamedHasIsOverWhenNamedHasClosedTheConnection()
      throws IOException {
    named.serial = OptionalLong.of(NEW);
    transfer = wholeZone();
    receive(axfr());
    int asked = named.questions.get();
    await().during(Duration.ofMillis(100)).until(() -> named.questions.get() == asked);
    assertThat(resync.isUnderWay(ZONE)).isTrue();
    assertThat(named.saves).hasValue(0);

    connection.close();

    await().until(() -> !resync.isUnderWay(ZONE));
  }

  @Test
  void aFullTransferThatNamedGivesUpIsOverWhenNamedHasClosedTheConnection() throws IOException {
    transfer = wholeZone();
    receive(axfr());
    assertThat(resync.isUnderWay(ZONE)).isTrue();

    connection.close();

    await().until(() -> !resync.isUnderWay(ZONE));
  }

  @Test
  void namedIsBusyUntilItServesTheSerialOfALongTransfer() throws IOException {
    transfer = manyChanges();
    receive(ixfr());
    assertThat(upstream.isBusy()).isTrue();
    assertThat(resync.isUnderWay(ZONE)).isFalse();

    named.serial = OptionalLong.of(NEW);

    await().until(() -> !upstream.isBusy());
  }
}
