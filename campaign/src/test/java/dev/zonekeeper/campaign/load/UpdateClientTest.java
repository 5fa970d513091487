package dev.zonekeeper.campaign.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.campaign.history.Action;
import dev.zonekeeper.campaign.history.Change;
import dev.zonekeeper.campaign.history.Outcome;
import dev.zonekeeper.campaign.history.Prerequisite;
import dev.zonekeeper.campaign.history.Register;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/**
 * What a client takes an answer for. A server of the test answers each message with what is set.
 */
class UpdateClientTest {
  private static final Name ZONE = Name.fromConstantString("a.example.");
  private static final Register NAME = new Register(ZONE, Name.fromConstantString("n.a.example."));
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final TsigKey key = TsigKey.generate("k.", new SecureRandom());
  private final TsigKey otherKey = TsigKey.generate("k.", new SecureRandom());
  private DatagramSocket socket;
  private int port;
  private volatile int rcode = Rcode.NOERROR;
  private volatile TsigKey signer = key;
  private volatile boolean silent;
  private volatile Message received;

  @BeforeEach
  void aServer() throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
    port = socket.getLocalPort();
    Thread.ofVirtual().start(this::serve);
  }

  @AfterEach
  void end() {
    socket.close();
  }

  private void serve() {
    byte[] buffer = new byte[4096];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        Message query = new Message(java.util.Arrays.copyOf(buffer, packet.getLength()));
        received = query;
        if (!silent) {
          Message answer = new Message(query.getHeader().getID());
          answer.getHeader().setFlag(Flags.QR);
          answer.getHeader().setOpcode(query.getHeader().getOpcode());
          answer.getHeader().setRcode(rcode);
          signer.tsig().apply(answer, query.getTSIG());
          byte[] bytes = answer.toWire();
          socket.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException closed) {
      socket.close();
    }
  }

  private Outcome outcome(Prerequisite prerequisite, Change change) {
    Server server = Server.at("s", new InetSocketAddress(LOOPBACK, port));
    return new UpdateClient(key, Wire.UDP, Duration.ofMillis(silent ? 200 : 5000))
        .send(server, NAME, new Action.Write(prerequisite, change))
        .outcome();
  }

  private Outcome outcome() {
    return outcome(new Prerequisite.Always(), new Change.Add("x"));
  }

  @Test
  void noerror_with_the_right_signature_is_an_acknowledgement() {
    assertThat(outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
  }

  @Test
  void what_another_key_signed_is_not_believed() {
    signer = otherKey;

    assertThat(outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void a_failed_prerequisite_is_told_apart() {
    rcode = Rcode.NXRRSET;
    assertThat(outcome()).isEqualTo(Outcome.UNMET);
    rcode = Rcode.YXRRSET;
    assertThat(outcome()).isEqualTo(Outcome.UNMET);
  }

  @Test
  void after_servfail_nobody_knows() {
    rcode = Rcode.SERVFAIL;

    assertThat(outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void after_silence_nobody_knows() {
    silent = true;

    assertThat(outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void what_nobody_took_was_not_done() throws IOException {
    try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
      port = free.getLocalPort();
    }

    assertThat(outcome()).isEqualTo(Outcome.REJECTED);
  }

  @Test
  void what_was_sent_nowhere_was_not_done() {
    Server nowhere = new Server("s", Optional::empty);
    Action.Write write = new Action.Write(new Prerequisite.Always(), new Change.Add("x"));

    assertThat(new UpdateClient(key, Wire.UDP, PATIENCE).send(nowhere, NAME, write).outcome())
        .isEqualTo(Outcome.REJECTED);
  }

  @Test
  void an_answer_to_a_query_counts_only_while_the_server_stays_where_it_is() {
    InetSocketAddress here = new InetSocketAddress(LOOPBACK, port);
    AtomicInteger asked = new AtomicInteger();
    Server stays = Server.at("s", here);
    Server moves =
        new Server("s", () -> asked.getAndIncrement() == 0 ? Optional.of(here) : Optional.empty());

    assertThat(new QueryClient(stays, PATIENCE).text(NAME.name())).contains(Set.of());
    assertThat(new QueryClient(moves, PATIENCE).text(NAME.name())).isEmpty();
  }

  @Test
  void refused_was_not_done() {
    rcode = Rcode.REFUSED;

    assertThat(outcome()).isEqualTo(Outcome.REJECTED);
  }

  @Test
  void prerequisite_and_change_are_in_their_sections() {
    outcome(new Prerequisite.Exactly(Set.of("a", "b")), new Change.Replace("c"));

    assertThat(received.getSection(Section.PREREQ)).hasSize(2);
    assertThat(received.getSection(Section.UPDATE)).hasSize(2);
    assertThat(received.getSection(Section.UPDATE).getLast().rdataToString()).isEqualTo("c");
  }
}
