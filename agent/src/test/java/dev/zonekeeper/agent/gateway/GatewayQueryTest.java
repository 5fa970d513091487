package dev.zonekeeper.agent.gateway;

import static dev.zonekeeper.agent.gateway.Scene.patient;
import static dev.zonekeeper.agent.gateway.Wire.ZONE;
import static dev.zonekeeper.agent.gateway.Wire.address;
import static dev.zonekeeper.agent.gateway.Wire.answer;
import static dev.zonekeeper.agent.gateway.Wire.noError;
import static dev.zonekeeper.agent.gateway.Wire.query;
import static dev.zonekeeper.agent.gateway.Wire.rcode;
import static dev.zonekeeper.agent.gateway.Wire.soa;
import static dev.zonekeeper.agent.gateway.Wire.why;
import static dev.zonekeeper.agent.gateway.Wire.withEdns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Queries with one message for an answer. */
@Timeout(60)
class GatewayQueryTest {

  private static final Name HOST = Name.fromConstantString("host.example.com.");

  private final Scene scene = new Scene();

  @AfterEach
  void end() throws Exception {
    scene.close();
  }

  @Test
  void aQueryIsRelayedAndItsAnswerComesBackByteForByte() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    leader.named.does((message, exchange) -> exchange.answer(answer(message, address("host"))));
    byte[] sent = query(7, HOST, Type.A).toWire();

    byte[] expected = answer(sent, address("host"));
    assertThat(scene.udp(leader).ask(sent)).isEqualTo(expected);
    assertThat(scene.tcp(leader).ask(sent)).isEqualTo(expected);
    assertThat(scene.udp(standby).ask(sent)).isEqualTo(expected);
    assertThat(leader.named.received()).hasSize(3).allMatch(each -> each.length == sent.length);
  }

  @Test
  void theAnswerWaitsWhileAnUpdateOfItsZoneIsNotCommitted() throws Exception {
    Member leader = scene.leader(patient());
    leader.commits.hold();
    Client client = scene.udp(leader);

    client.send(query(7, HOST, Type.A).toWire());
    await().until(() -> leader.commits.waiting() == 1);
    assertThat(client.hearsNothing(50)).isTrue();
    leader.commits.release();

    assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void theAnswerForANameOfNoZoneOfOursDoesNotWait() throws Exception {
    Member leader = scene.leader(patient());
    leader.commits.hold();

    byte[] answer =
        scene.udp(leader).ask(query(7, Name.fromConstantString("example.org."), Type.A).toWire());

    assertThat(rcode(answer)).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void anSoaIsSeenOnceItsSerialIsCommitted() throws Exception {
    Member leader = scene.leader(patient());
    leader.named.does((message, exchange) -> exchange.answer(answer(message, soa(0xFFFF0001L))));
    leader.commits.hold();
    Client client = scene.udp(leader);
    byte[] sent = query(7, ZONE, Type.SOA).toWire();

    client.send(sent);
    await().until(() -> leader.commits.waiting() == 1);
    assertThat(leader.commits.awaitedSerial(ZONE)).contains(0xFFFF0001L);
    assertThat(client.hearsNothing(50)).isTrue();
    leader.commits.release();

    assertThat(client.receive()).isEqualTo(answer(sent, soa(0xFFFF0001L)));
  }

  @Test
  void theSoaBehindAnAliasIsNotSeenBeforeItsZoneIsCommitted() throws Exception {
    Member leader = scene.leader(patient());
    Record alias = new CNAMERecord(HOST, DClass.IN, 300, ZONE);
    leader.named.does(
        (message, exchange) -> exchange.answer(answer(message, alias, soa(0xFFFF0001L))));
    leader.commits.hold();
    Client client = scene.udp(leader);

    client.send(query(7, HOST, Type.SOA).toWire());
    await().until(() -> leader.commits.waiting() == 1);
    assertThat(leader.commits.awaitedSerial(HOST)).isEmpty();
    leader.commits.release();

    assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void theAnswerBehindAnAliasOfAnotherZoneWaitsForTheZoneItLeadsTo() throws Exception {
    Member leader = scene.leader(patient());
    Name outside = Name.fromConstantString("www.example.org.");
    Record alias = new CNAMERecord(outside, DClass.IN, 300, HOST);
    leader.named.does(
        (message, exchange) -> exchange.answer(answer(message, alias, address("host"))));
    leader.commits.hold();
    Client client = scene.udp(leader);

    client.send(query(7, outside, Type.A).toWire());
    await().until(() -> leader.commits.waiting() == 1);
    leader.commits.release();

    assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void whatWillNotBeCommittedIsNotSeen() throws Exception {
    Member leader = scene.leader(patient());
    leader.commits.fail("another member has taken over");

    byte[] answer = scene.udp(leader).ask(withEdns(query(7, HOST, Type.A), 1232).toWire());

    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(why(answer)).isEqualTo("another member has taken over");
  }

  @Test
  void anAnswerThatIsTooLargeForTheClientsUdpIsTruncated() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    Record[] many = IntStream.range(0, 60).mapToObj(i -> address("h" + i)).toArray(Record[]::new);
    Record[] more = IntStream.range(0, 100).mapToObj(i -> address("h" + i)).toArray(Record[]::new);
    leader.named.does((message, exchange) ->
        exchange.answer(
            answer(message, Wire.parse(message).getQuestion().getType() == Type.A ? many : more)));
    byte[] plain = query(7, HOST, Type.A).toWire();
    byte[] small = withEdns(query(7, HOST, Type.A), 600).toWire();
    byte[] large = withEdns(query(7, HOST, Type.A), 4096).toWire();

    for (Member member : new Member[] {leader, standby}) {
      assertTruncated(scene.udp(member).ask(plain));
      assertTruncated(scene.udp(member).ask(small));
      assertThat(scene.udp(member).ask(large)).isEqualTo(answer(large, many)).hasSizeLessThan(1232);
      assertTruncated(scene.udp(member).ask(withEdns(query(8, HOST, Type.AAAA), 4096).toWire()));
      assertThat(scene.tcp(member).ask(plain)).isEqualTo(answer(plain, many));
    }
  }

  @Test
  void aQueryWhoseAnswerWasLostWithTheLeaderIsAskedAgainOfTheNext() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    leader.named.does((message, exchange) -> leader.peers.close());
    Client client = scene.udp(standby);

    client.send(query(7, HOST, Type.A).toWire());
    await().until(() -> standby.count("zonekeeper_gateway_held") == 1);
    standby.leads();

    assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
    assertThat(standby.named.received()).hasSize(1);
  }

  @Test
  void aStepOfAKeyNegotiationPassesUntouchedAndIsNeverSentTwice() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    Name key = Name.fromConstantString("123.sig-leader.example.com.");
    byte[] sent = withEdns(query(7, key, Type.TKEY), 1232).toWire();
    assertThat(scene.tcp(standby).ask(sent)).isEqualTo(noError(sent));
    assertThat(leader.named.received()).containsExactly(sent);

    leader.named.does((message, exchange) -> leader.peers.close());
    byte[] answer = scene.tcp(standby).ask(sent);

    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(leader.named.received()).hasSize(2);
  }

  @Test
  void updatesThatFillTheirQueueDoNotStandInTheWayOfQueries() throws Exception {
    Member leader = scene.leader(patient().withBounds(2, 100));
    leader.named.does((message, exchange) -> {
      if (Wire.parse(message).getHeader().getOpcode() == 0) {
        exchange.answer(noError(message));
      }
    });
    Client client = scene.udp(leader);
    for (int id = 0; id < 20; id++) {
      client.send(Wire.update(id).toWire());
    }
    await().until(() -> leader.clients.messagesInFlight() == 20);

    assertThat(rcode(client.ask(query(99, HOST, Type.A).toWire()))).isEqualTo(Rcode.NOERROR);
  }

  private static void assertTruncated(byte[] bytes) {
    Message answer = Wire.parse(bytes);
    assertThat(answer.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    assertThat(bytes.length).isLessThanOrEqualTo(512);
  }
}
