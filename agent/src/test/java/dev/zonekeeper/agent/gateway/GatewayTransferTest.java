package dev.zonekeeper.agent.gateway;

import static dev.zonekeeper.agent.gateway.Scene.patient;
import static dev.zonekeeper.agent.gateway.Wire.ZONE;
import static dev.zonekeeper.agent.gateway.Wire.address;
import static dev.zonekeeper.agent.gateway.Wire.answer;
import static dev.zonekeeper.agent.gateway.Wire.query;
import static dev.zonekeeper.agent.gateway.Wire.rcode;
import static dev.zonekeeper.agent.gateway.Wire.soa;
import static dev.zonekeeper.agent.gateway.Wire.why;
import static dev.zonekeeper.agent.gateway.Wire.withEdns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Zone transfers through the gateway. */
@Timeout(60)
class GatewayTransferTest {

  private static final int MESSAGES = 50;

  private final Scene scene = new Scene();

  @AfterEach
  void end() throws Exception {
    scene.close();
  }

  @Test
  void aTransferPassesMessageByMessageUntouched() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    byte[] sent = query(7, ZONE, Type.AXFR).toWire();
    List<byte[]> whole = wholeZone(sent);
    leader.named.does((message, exchange) -> {
      for (byte[] part : whole) {
        exchange.answer(part);
      }
    });

    for (Client client : List.of(scene.tcp(leader), scene.tcp(standby), scene.peer(leader))) {
      client.send(sent);
      for (byte[] part : whole) {
        assertThat(client.receive()).isEqualTo(part);
      }
    }
    assertThat(leader.named.received()).hasSize(3);
  }

  @Test
  void theConnectionServesOtherMessagesAfterATransferAndMeanwhile() throws Exception {
    CountDownLatch otherIsAnswered = new CountDownLatch(1);
    Member leader = scene.leader(patient());
    leader.named.does((message, exchange) -> {
      if (Wire.parse(message).getQuestion().getType() == Type.AXFR) {
        exchange.answer(answer(message, soa(5), address("a")));
        otherIsAnswered.await();
        exchange.answer(answer(message, soa(5)));
      } else {
        exchange.answer(answer(message, address("host")));
      }
    });
    Client client = scene.tcp(leader);

    client.send(query(1, ZONE, Type.AXFR).toWire());
    assertThat(answers(client.receive())).hasSize(2);
    assertThat(id(client.ask(query(2, ZONE, Type.A).toWire()))).isEqualTo(2);
    otherIsAnswered.countDown();
    assertThat(id(client.receive())).isEqualTo(1);
    assertThat(id(client.ask(query(3, ZONE, Type.A).toWire()))).isEqualTo(3);
  }

  @Test
  void theFirstByteGoesOutWhenTheSerialIsCommitted() throws Exception {
    Member leader = scene.leader(patient());
    leader.named.does(
        (message, exchange) -> exchange.answer(answer(message, soa(5), address("a"), soa(5))));
    leader.commits.hold();

    for (int type : new int[] {Type.AXFR, Type.IXFR}) {
      leader.commits.hold();
      Client client = scene.tcp(leader);
      client.send(query(7, ZONE, type).toWire());
      await().until(() -> leader.commits.waiting() == 1);
      assertThat(leader.commits.awaitedSerial(ZONE)).contains(5L);
      assertThat(client.hearsNothing(50)).isTrue();
      leader.commits.release();
      assertThat(answers(client.receive())).hasSize(3);
    }
  }

  @Test
  void whatWillNotBeCommittedIsNotTransferred() throws Exception {
    Member leader = scene.leader(patient());
    leader.named.does(
        (message, exchange) -> exchange.answer(answer(message, soa(5), address("a"), soa(5))));
    leader.commits.fail("another member has taken over");

    byte[] answer = scene.tcp(leader).ask(withEdns(query(7, ZONE, Type.AXFR), 1232).toWire());

    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(why(answer)).isEqualTo("another member has taken over");
  }

  @Test
  void aRefusalOfNamedIsPassedOn() throws Exception {
    Member leader = scene.leader(patient());
    leader.named.does((message, exchange) -> {
      byte[] refused = answer(message);
      refused[3] = Rcode.REFUSED;
      exchange.answer(refused);
    });

    assertThat(rcode(scene.tcp(leader).ask(query(7, ZONE, Type.AXFR).toWire())))
        .isEqualTo(Rcode.REFUSED);
  }

  @Test
  void aTransferThatBreaksOffClosesTheClientsConnection() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    Semaphore firstPartIsRead = new Semaphore(0);
    leader.named.does((message, exchange) -> {
      exchange.answer(answer(message, soa(5), address("a")));
      firstPartIsRead.acquire();
      exchange.abort();
    });

    for (Client client : List.of(scene.tcp(leader), scene.tcp(standby))) {
      client.send(query(7, ZONE, Type.AXFR).toWire());
      assertThat(answers(client.receive())).hasSize(2);
      firstPartIsRead.release();
      assertThatThrownBy(client::receive).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aTransferThatHasNotBegunFollowsTheLeader() throws Exception {
    Member old = scene.member(patient());
    Member next = scene.leader(patient());
    next.named.does(
        (message, exchange) -> exchange.answer(answer(message, soa(5), address("a"), soa(5))));
    Member standby = scene.standby(patient(), old);
    old.follows("next");
    standby.knows("next", next);
    Client client = scene.tcp(standby);

    client.send(query(7, ZONE, Type.AXFR).toWire());
    await().until(() -> standby.count("zonekeeper_gateway_held") == 1);
    standby.follows("next");

    assertThat(answers(client.receive())).hasSize(3);
  }

  @Test
  void aSlowReceiverDoesNotDisturbOthers() throws Exception {
    Member leader = scene.leader(patient());
    leader.named.does((message, exchange) -> {
      exchange.answer(answer(message, soa(5), address("a")));
      for (int i = 0; i < 3000; i++) {
        exchange.answer(filler(message, 16_000));
      }
      exchange.answer(answer(message, soa(5)));
    });
    scene.tcp(leader).send(query(1, ZONE, Type.AXFR).toWire());

    Client other = scene.tcp(leader);
    other.send(query(2, ZONE, Type.AXFR).toWire());
    for (int i = 0; i < 3002; i++) {
      other.receive();
    }
  }

  @Test
  void anIncrementalTransferOverUdpFitsOrIsTruncated() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    Message query = query(7, ZONE, Type.IXFR);
    query.addRecord(soa(4), Section.AUTHORITY);
    byte[] sent = query.toWire();

    for (Member member : List.of(leader, standby)) {
      leader.named.does((message, exchange) ->
          exchange.answer(
              answer(message, soa(5), soa(4), address("a"), soa(5), address("b"), soa(5))));
      assertThat(answers(scene.udp(member).ask(sent))).hasSize(6);

      leader.named.does((message, exchange) -> {
        for (byte[] part : wholeZone(message)) {
          exchange.answer(part);
        }
      });
      Message truncated = Wire.parse(scene.udp(member).ask(sent));
      assertThat(truncated.getHeader().getFlag(Flags.TC)).isTrue();
      assertThat(truncated.getSection(Section.ANSWER)).isEmpty();
    }
  }

  @Test
  void aFullTransferOverUdpIsFormerrAsNamedHasIt() throws Exception {
    Member leader = scene.leader(patient());

    byte[] answer = scene.udp(leader).ask(query(7, ZONE, Type.AXFR).toWire());

    assertThat(rcode(answer)).isEqualTo(Rcode.FORMERR);
    assertThat(leader.named.received()).isEmpty();
  }

  private static List<byte[]> wholeZone(byte[] query) {
    List<byte[]> messages = new ArrayList<>();
    messages.add(answer(query, soa(5), address("first")));
    for (int i = 0; i < MESSAGES; i++) {
      messages.add(answer(query, address("h" + i), address("i" + i)));
    }
    messages.add(answer(query, address("last"), soa(5)));
    return messages;
  }

  private static byte[] filler(byte[] query, int size) {
    Record[] records = new Record[size / 20];
    Arrays.fill(records, address("filler"));
    return answer(query, records);
  }

  private static List<Record> answers(byte[] message) {
    return Wire.parse(message).getSection(Section.ANSWER);
  }

  private static int id(byte[] message) {
    return Wire.parse(message).getHeader().getID();
  }
}
