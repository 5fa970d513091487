package dev.zonekeeper.agent.gateway;

import static dev.zonekeeper.agent.gateway.Scene.KEY;
import static dev.zonekeeper.agent.gateway.Scene.LONG;
import static dev.zonekeeper.agent.gateway.Scene.SHORT;
import static dev.zonekeeper.agent.gateway.Scene.patient;
import static dev.zonekeeper.agent.gateway.Scene.signed;
import static dev.zonekeeper.agent.gateway.Wire.ZONE;
import static dev.zonekeeper.agent.gateway.Wire.noError;
import static dev.zonekeeper.agent.gateway.Wire.rcode;
import static dev.zonekeeper.agent.gateway.Wire.update;
import static dev.zonekeeper.agent.gateway.Wire.why;
import static dev.zonekeeper.agent.gateway.Wire.withEdns;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/** Updates at the member that leads. */
@Timeout(60)
class GatewayUpdateTest {

  private final Scene scene = new Scene();

  @AfterEach
  void end() throws Exception {
    scene.close();
  }

  @Test
  void anUpdateGoesToNamedByteForByteAndItsAnswerBackLikewise() throws Exception {
    Member leader = scene.leader(patient());
    byte[] sent = signed(update(7));

    for (Client client : List.of(scene.udp(leader), scene.tcp(leader))) {
      byte[] answer = client.ask(sent);
      assertThat(answer).isEqualTo(noError(sent));
    }

    assertThat(leader.named.received()).first().isEqualTo(sent);
    assertThat(leader.commits.applied(ZONE)).isPositive();
  }

  @Test
  void theAnswerWaitsUntilTheUpdateIsCommitted() throws Exception {
    Member leader = scene.leader(patient());
    leader.commits.hold();
    Client client = scene.udp(leader);

    client.send(update(7).toWire());
    await().until(() -> leader.commits.waiting() == 1);
    assertThat(client.hearsNothing(50)).isTrue();
    leader.commits.release();

    assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void eachStationOfAnUpdateIsTimed() throws Exception {
    Member leader = scene.leader(patient());
    leader.commits.hold();
    Client client = scene.udp(leader);

    client.send(update(7).toWire());
    await().until(() -> leader.commits.waiting() == 1);
    assertThat(timed(leader)).containsOnly(entry("queue", 1L), entry("named", 1L));
    leader.commits.release();
    client.receive();

    await().until(() -> timed(leader).keySet().equals(Set.of("queue", "named", "read", "confirm")));
  }

  /** The stations that updates have passed, and how many did. */
  private static Map<String, Long> timed(Member member) {
    return member.meters.find("zonekeeper_update_station_seconds").timers().stream()
        .filter(timer -> timer.count() > 0)
        .collect(toMap(timer -> timer.getId().getTag("station"), Timer::count));
  }

  @Test
  void aRefusalOfNamedWaitsForTheCommitAsWell() throws Exception {
    Member leader = scene.leader(patient());
    leader.named.does((message, exchange) -> exchange.answer(withRcode(message, Rcode.YXRRSET)));
    leader.commits.hold();
    Client client = scene.udp(leader);

    client.send(update(7).toWire());
    await().until(() -> leader.commits.waiting() == 1);
    leader.commits.release();

    assertThat(rcode(client.receive())).isEqualTo(Rcode.YXRRSET);
  }

  @Test
  void theZoneIsNoLongerMarkedAsBeingUpdatedWhileTheCommitIsAwaited() throws Exception {
    Member leader = scene.leader(patient());
    leader.commits.hold();

    scene.udp(leader).send(update(7).toWire());

    await().until(() -> leader.commits.waiting() == 1);
    assertThat(leader.commits.atNamed()).isZero();
  }

  @Test
  void whatWillNotBeCommittedIsServfailAndSaysWhy() throws Exception {
    Member leader = scene.leader(patient());
    leader.commits.hold();
    Client client = scene.udp(leader);

    client.send(withEdns(update(7), 1232).toWire());
    await().until(() -> leader.commits.waiting() == 1);
    leader.commits.fail("another member has taken over");

    byte[] answer = client.receive();
    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(why(answer)).isEqualTo("another member has taken over");
  }

  @Test
  void anUpdateThatTouchesTheSoaIsRefusedAndNeverReachesNamed() throws Exception {
    Member leader = scene.leader(patient());
    Message update = withEdns(update(7), 1232);
    update.addRecord(Wire.soa(5), Section.AUTHORITY);

    byte[] answer = scene.udp(leader).ask(update.toWire());

    assertThat(rcode(answer)).isEqualTo(Rcode.REFUSED);
    assertThat(why(answer)).contains("SOA");
    assertThat(leader.named.received()).isEmpty();
    assertThat(leader.count("zonekeeper_gateway_soa_refused")).isEqualTo(1);
  }

  @Test
  void theGatewaysOwnAnswersCarryTheTsigOfTheRequest() throws Exception {
    Member leader = scene.leader(patient());
    Message update = update(7);
    update.addRecord(Wire.soa(5), Section.AUTHORITY);
    TSIG tsig = KEY.tsig();
    update.setTSIG(tsig);
    byte[] sent = update.toWire(65535);

    byte[] answer = scene.udp(leader).ask(sent);

    assertThat(rcode(answer)).isEqualTo(Rcode.REFUSED);
    assertThat(tsig.verify(Wire.parse(answer), answer, Wire.parse(sent).getTSIG()))
        .isEqualTo(Rcode.NOERROR);
  }

  @Test
  void noMoreUpdatesAreAtNamedThanItsQuotaBears() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Member leader = scene.leader(patient().withBounds(5, 1000));
    leader.named.does((message, exchange) -> {
      release.await();
      exchange.answer(noError(message));
    });
    Client client = scene.udp(leader);

    for (int id = 0; id < 100; id++) {
      client.send(update(id).toWire());
    }
    await().until(() -> leader.clients.messagesInFlight() == 100);
    await().until(() -> leader.named.working() == 5);
    release.countDown();
    for (int id = 0; id < 100; id++) {
      assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
    }

    assertThat(leader.named.mostWorking()).isEqualTo(5);
  }

  @Test
  void onceTheQueueIsFullAnUpdateIsServfailAtOnceAndMayBeTriedAgain() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Member leader = scene.leader(patient().withBounds(1, 1));
    leader.named.does((message, exchange) -> {
      release.await();
      exchange.answer(noError(message));
    });
    Client client = scene.udp(leader);
    client.send(update(1).toWire());
    await().until(() -> leader.named.working() == 1);
    client.send(update(2).toWire());
    await().until(() -> leader.clients.messagesInFlight() == 2);

    byte[] tooMany = withEdns(update(3), 1232).toWire();
    await()
        .untilAsserted(() ->
            assertThat(
                    leader
                        .meters
                        .get("zonekeeper_gateway_queued")
                        .tags("kind", "update")
                        .gauge()
                        .value())
                .isEqualTo(1));
    byte[] answer = client.ask(tooMany);
    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(why(answer)).contains("waiting");

    release.countDown();
    client.receive();
    client.receive();
    assertThat(rcode(client.ask(tooMany))).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void withoutAnAnswerFromNamedTheOutcomeIsUnknownAndTheUpdateIsNotSentAgain() throws Exception {
    Member leader = scene.leader(patient().withTimeouts(SHORT, LONG));
    leader.named.does((message, exchange) -> {});
    Client client = scene.udp(leader);
    byte[] sent = withEdns(update(7), 1232).toWire();

    byte[] answer = client.ask(sent);
    byte[] again = client.ask(sent);

    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(why(answer)).contains("may have been applied");
    assertThat(rcode(again)).isEqualTo(Rcode.SERVFAIL);
    assertThat(leader.named.received()).hasSize(1);
  }

  @Test
  void namedThatDiesWithAnUpdateIsNotAskedAgainWhenItIsBack() throws Exception {
    Member leader = scene.leader(patient());
    leader.named.does((message, exchange) -> leader.named.die());
    Client client = scene.udp(leader);

    byte[] answer = client.ask(update(7).toWire());

    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(leader.named.received()).hasSize(1);
  }

  @Test
  void whileNamedIsDownAnUpdateIsHeldAndSentWhenItIsBack() throws Exception {
    Member leader = scene.leader(patient());
    leader.named.die();
    Client client = scene.udp(leader);

    client.send(update(7).toWire());
    await().until(() -> leader.count("zonekeeper_gateway_held") == 1);
    leader.named.startAgain();

    assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
    assertThat(leader.named.received()).hasSize(1);
  }

  @Test
  void whatMayNotBeHandedToNamedIsServfailAndMayBeTriedAgain() throws Exception {
    Member leader = scene.leader(patient());
    leader.commits.refuse("fewer members are in sync than minInSync asks for");

    byte[] answer = scene.udp(leader).ask(withEdns(update(7), 1232).toWire());

    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(why(answer)).contains("minInSync");
    assertThat(leader.named.received()).isEmpty();
  }

  @Test
  void theSameBytesAgainJoinTheUpdateInFlightAndAreAppliedOnce() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Member leader = scene.leader(patient());
    leader.named.does((message, exchange) -> {
      release.await();
      exchange.answer(noError(message));
    });
    Client client = scene.udp(leader);
    byte[] sent = update(7).toWire();

    client.send(sent);
    client.send(sent);
    client.send(sent);
    await().until(() -> leader.count("zonekeeper_gateway_retransmissions") == 2);
    release.countDown();

    for (int i = 0; i < 3; i++) {
      assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
    }
    assertThat(leader.named.received()).hasSize(1);
  }

  @Test
  void theSameBytesAgainGetTheSameAnswerThoughTheyWouldFailNow() throws Exception {
    Member leader = scene.leader(patient());
    Client client = scene.udp(leader);
    byte[] sent = update(7).toWire();

    byte[] first = client.ask(sent);
    leader.named.does((message, exchange) -> exchange.answer(withRcode(message, Rcode.YXDOMAIN)));
    byte[] second = client.ask(sent);

    assertThat(second).isEqualTo(first);
    assertThat(leader.named.received()).hasSize(1);
  }

  @Test
  void theSameUnsignedBytesOfAnotherClientAreAnotherUpdate() throws Exception {
    Member leader = scene.leader(patient());
    byte[] sent = update(7).toWire();

    scene.udp(leader).ask(sent);
    scene.udp(leader).ask(sent);

    assertThat(leader.named.received()).hasSize(2);
  }

  @Test
  void theSameSignedBytesFromAnotherPortAreTheSameUpdate() throws Exception {
    Member leader = scene.leader(patient());
    byte[] sent = signed(update(7));

    scene.udp(leader).ask(sent);
    scene.tcp(leader).ask(sent);

    assertThat(leader.named.received()).hasSize(1);
  }

  @Test
  void severalUpdatesOfOneConnectionAreAnsweredAsTheyFinish() throws Exception {
    CountDownLatch secondIsAnswered = new CountDownLatch(1);
    Member leader = scene.leader(patient());
    leader.named.does((message, exchange) -> {
      if (Wire.parse(message).getHeader().getID() == 1) {
        secondIsAnswered.await();
      }
      exchange.answer(noError(message));
    });
    Client client = scene.tcp(leader);

    client.send(update(1).toWire());
    byte[] answer = client.ask(update(2).toWire());
    secondIsAnswered.countDown();

    assertThat(answer).isEqualTo(noError(update(2).toWire()));
    assertThat(client.receive()).isEqualTo(noError(update(1).toWire()));
  }

  private static byte[] withRcode(byte[] message, int rcode) {
    byte[] answer = noError(message);
    answer[3] = (byte) rcode;
    return answer;
  }
}
