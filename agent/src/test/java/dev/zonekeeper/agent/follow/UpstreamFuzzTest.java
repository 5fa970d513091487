package dev.zonekeeper.agent.follow;

import static dev.zonekeeper.agent.follow.FakeZones.soaOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.zonekeeper.agent.Damage;
import dev.zonekeeper.agent.elect.LeaseFollower;
import dev.zonekeeper.agent.home.MemberHome;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Delta;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.net.ClientAddress;
import dev.zonekeeper.dns.net.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/**
 * Whoever finds the upstream port learns nothing without the key; with it, whatever is asked gets
 * an answer to that question, under the key, or none. Nobody leads here.
 */
class UpstreamFuzzTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final TSIG KEY =
      new TSIG(TSIG.HMAC_SHA256, Name.fromConstantString("k."), new byte[32]);

  @TempDir private Path folder;
  private MemberHome home;
  private Upstream upstream;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    home = MemberHome.open("primary-0", folder, new SecureRandom());
    FakeZones named = new FakeZones();
    named.hasData = true;
    named.serial = OptionalLong.of(1);
    Resync resync = new Resync(home.markers(), named, () -> {}, zone -> {});
    Follower follower =
        new Follower(
            new LeaseFollower(l -> {}),
            named,
            resync,
            () -> new Sender("primary-0", "1"),
            Duration.ofMillis(1),
            Optional.empty(),
            z -> false);
    follower.zones(Set.of(ZONE));
    Delta change = new Delta(ZONE, soaOf(ZONE, 1), soaOf(ZONE, 2), List.of(), List.of());
    follower.confirm(new CommitRequest(ZONE, 2, 1, new Sender("b", "2"), List.of(change)));
    upstream =
        new Upstream(
            follower,
            named,
            resync,
            () -> {
              throw new IOException("nobody leads");
            },
            () -> KEY);
  }

  @AfterEach
  void close() throws IOException {
    home.close();
  }

  static Stream<Arguments> queries() {
    return originals().stream().map(Arguments::of);
  }

  @MethodSource("queries")
  @FuzzTest(maxDuration = "")
  void a_query(byte[] bytes) throws Exception {
    checkStranger(bytes);
    checkSigned(bytes);
  }

  @Test
  void queriesDamagedAtRandom() {
    Damage.each(originals(), this::checkSigned);
  }

  @Test
  void signedQueriesDamagedAtRandom() {
    Damage.each(originals().stream().map(UpstreamFuzzTest::signed).toList(), this::checkStranger);
  }

  @Test
  void theLocalNamedIsAnswered() throws Exception {
    for (byte[] query : originals().subList(0, 2)) {
      assertThat(answers(signed(query))).isNotEmpty();
    }
  }

  /** Under no good signature, unless the damage has undone itself. */
  private void checkStranger(byte[] bytes) throws Exception {
    List<byte[]> answers = answers(bytes);
    if (!answers.isEmpty()) {
      Message query = new Message(bytes);
      assertThat(KEY.verify(query, bytes, null)).isEqualTo(Rcode.NOERROR);
    }
  }

  private void checkSigned(byte[] bytes) throws Exception {
    byte[] signed;
    try {
      signed = signed(bytes);
    } catch (RuntimeException e) {
      return; // nothing that dnsjava can sign
    }
    List<byte[]> answers = answers(signed);
    if (answers.isEmpty()) {
      return;
    }
    Message query = new Message(signed);
    for (byte[] answer : answers) {
      Message message = new Message(answer);
      assertThat(message.getHeader().getID()).isEqualTo(query.getHeader().getID());
      assertThat(message.getHeader().getFlag(Flags.QR)).isTrue();
      assertThat(message.getQuestion()).isEqualTo(query.getQuestion());
      assertThat(KEY.verify(message, answer, query.getTSIG())).isEqualTo(Rcode.NOERROR);
    }
  }

  private static byte[] signed(byte[] bytes) {
    Message query;
    try {
      query = new Message(bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
    query.removeAllRecords(Section.ADDITIONAL);
    query.setTSIG(KEY);
    return query.toWire(65_535);
  }

  private List<byte[]> answers(byte[] bytes) throws Exception {
    List<byte[]> answers = new ArrayList<>();
    try {
      upstream.handle(bytes, exchange(answers));
    } catch (IOException e) {
      return answers; // no message, or nobody to ask
    }
    return answers;
  }

  private static Exchange exchange(List<byte[]> answers) {
    return new Exchange() {
      @Override
      public ClientAddress client() {
        return new ClientAddress(InetAddress.getLoopbackAddress(), 53);
      }

      @Override
      public boolean tcp() {
        return true;
      }

      @Override
      public void answer(byte[] message) {
        answers.add(message);
      }

      @Override
      public void abort() {}
    };
  }

  private static List<byte[]> originals() {
    Message ixfr = Message.newQuery(Record.newRecord(ZONE, Type.IXFR, DClass.IN));
    ixfr.addRecord(soaOf(ZONE, 1), Section.AUTHORITY);
    return Stream.of(
            Message.newQuery(Record.newRecord(ZONE, Type.SOA, DClass.IN)),
            ixfr,
            Message.newQuery(Record.newRecord(ZONE, Type.AXFR, DClass.IN)))
        .map(Message::toWire)
        .toList();
  }
}
