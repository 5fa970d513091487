package dev.zonekeeper.agent.gateway;

import static dev.zonekeeper.agent.gateway.Scene.LONG;
import static dev.zonekeeper.agent.gateway.Scene.SHORT;
import static dev.zonekeeper.agent.gateway.Scene.patient;
import static dev.zonekeeper.agent.gateway.Scene.signed;
import static dev.zonekeeper.agent.gateway.Wire.ZONE;
import static dev.zonekeeper.agent.gateway.Wire.noError;
import static dev.zonekeeper.agent.gateway.Wire.query;
import static dev.zonekeeper.agent.gateway.Wire.rcode;
import static dev.zonekeeper.agent.gateway.Wire.update;
import static dev.zonekeeper.agent.gateway.Wire.why;
import static dev.zonekeeper.agent.gateway.Wire.withEdns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Messages at a member that does not lead, and while nobody does. */
@Timeout(60)
class GatewayForwardTest {

  private final Scene scene = new Scene();

  @AfterEach
  void end() throws Exception {
    scene.close();
  }

  @Test
  void aStandbyForwardsAnUpdateByteForByteAndTheAnswerComesBack() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    byte[] sent = signed(update(7));

    byte[] answer = scene.udp(standby).ask(sent);

    assertThat(answer).isEqualTo(noError(sent));
    assertThat(leader.named.received()).containsExactly(sent);
    assertThat(standby.named.received()).isEmpty();
    assertThat(standby.count("zonekeeper_gateway_forwarded")).isEqualTo(1);
  }

  @Test
  void aForwardedUpdateIsAnsweredOnceItIsCommittedAtTheLeader() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    leader.commits.hold();
    Client client = scene.udp(standby);

    client.send(update(7).toWire());
    await().until(() -> leader.commits.waiting() == 1);
    assertThat(client.hearsNothing(50)).isTrue();
    leader.commits.release();

    assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void aMessageFromAPeerIsNeverForwardedAgain() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    byte[] sent = update(7).toWire();

    byte[] answer = scene.peer(standby).ask(sent);

    assertThat(PeerSignal.of(answer).map(PeerSignal::kind)).contains(PeerSignal.Kind.NOT_LEADER);
    assertThat(leader.named.received()).isEmpty();
  }

  @Test
  void whereTheSupposedLeaderDoesNotLeadTheUpdateFollowsTheLeader() throws Exception {
    Member old = scene.member(patient());
    Member next = scene.leader(patient());
    Member standby = scene.standby(patient(), old);
    old.knows("next", next);
    old.follows("next");
    standby.knows("next", next);
    Client client = scene.udp(standby);

    client.send(update(7).toWire());
    await().until(() -> standby.count("zonekeeper_gateway_forwarded") >= 2);
    standby.follows("next");

    assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
    assertThat(next.named.received()).hasSize(1);
    assertThat(old.named.received()).isEmpty();
  }

  @Test
  void whileNobodyLeadsAnUpdateIsHeldAndThenTakenToWhoeverLeads() throws Exception {
    Member one = scene.member(patient());
    Member other = scene.leader(patient());
    one.knows("other", other);
    Client client = scene.udp(one);

    client.send(update(1).toWire());
    client.send(update(2).toWire());
    await().until(() -> one.leadership.waiting() == 2);
    one.follows("other");
    client.receive();
    client.receive();
    assertThat(other.named.received()).hasSize(2);

    one.leadership.is(new Leadership.Nobody("again"));
    client.send(update(3).toWire());
    await().until(() -> one.leadership.waiting() == 1);
    one.leads();
    client.receive();
    assertThat(one.named.received()).hasSize(1);
  }

  @Test
  void onceTheHoldIsOverTheAnswerIsServfailAndSaysThatThereIsNoLeader() throws Exception {
    Member member = scene.member(patient().withWriteHold(SHORT));
    member.leadership.is(new Leadership.Nobody("an election is under way"));
    Client client = scene.udp(member);

    for (byte[] sent :
        List.of(
            withEdns(update(7), 1232).toWire(),
            withEdns(query(8, ZONE, Type.SOA), 1232).toWire(),
            withEdns(query(9, ZONE, Type.A), 1232).toWire(),
            withEdns(query(10, ZONE, Type.IXFR), 1232).toWire())) {
      byte[] answer = client.ask(sent);
      assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
      assertThat(why(answer)).isEqualTo("no leader: an election is under way");
    }
  }

  @Test
  void anAnswerForWantOfALeaderIsNotRemembered() throws Exception {
    Member member = scene.member(patient().withWriteHold(SHORT));
    Client client = scene.udp(member);
    byte[] sent = update(7).toWire();

    byte[] before = client.ask(sent);
    member.leads();
    byte[] after = client.ask(sent);

    assertThat(rcode(before)).isEqualTo(Rcode.SERVFAIL);
    assertThat(rcode(after)).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void anUpdateThatTheLeaderMayHaveReceivedIsServfailAndNeverSentAgain() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    leader.commits.hold();
    Client client = scene.udp(standby);
    byte[] sent = withEdns(update(7), 1232).toWire();

    client.send(sent);
    await().until(() -> leader.commits.waiting() == 1);
    leader.peers.close();

    byte[] answer = client.receive();
    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(why(answer)).contains("may have been applied");
    standby.leads();
    assertThat(client.ask(sent)).isEqualTo(answer);
    assertThat(standby.named.received()).isEmpty();
  }

  @Test
  void aLeaderThatDoesNotAnswerInTimeMakesTheOutcomeUnknown() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient().withTimeouts(LONG, SHORT), leader);
    leader.commits.hold();

    byte[] answer = scene.udp(standby).ask(withEdns(update(7), 1232).toWire());

    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(why(answer)).contains("may have been applied");
  }

  @Test
  void anUpdateForALeaderThatCannotBeReachedIsHeldUntilThereIsAnother() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    leader.peers.close();
    Client client = scene.udp(standby);

    client.send(update(7).toWire());
    await().until(() -> standby.count("zonekeeper_gateway_held") == 1);
    standby.leads();

    assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
    assertThat(standby.named.received()).hasSize(1);
  }

  @Test
  void whatTheLeaderDoesNotTakeIsServfailForTheClientOfTheStandbyAndMayBeTriedAgain()
      throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    leader.commits.refuse("fewer members are in sync than minInSync asks for");

    byte[] answer = scene.udp(standby).ask(signed(withEdns(update(7), 1232)));

    assertThat(rcode(answer)).isEqualTo(Rcode.SERVFAIL);
    assertThat(why(answer)).contains("minInSync");
    assertThat(Wire.parse(answer).getTSIG()).isNotNull();
  }

  @Test
  void anUpdateThatWaitedForItsTurnAtALeaderThatLeadsNoMoreFollowsTheNext() throws Exception {
    Member old = scene.leader(patient());
    Member next = scene.leader(patient());
    old.knows("next", next);
    old.commits.refuse("this member has stopped leading");
    Client client = scene.udp(old);

    // The commits know of the change before the leadership does: the first attempt meets that.
    old.leadership.is(new Leadership.Nobody("a handover is under way"));
    client.send(update(7).toWire());
    await().until(() -> old.leadership.waiting() == 1);
    old.follows("next");

    assertThat(rcode(client.receive())).isEqualTo(Rcode.NOERROR);
    assertThat(next.named.received()).hasSize(1);
  }

  @Test
  void theSameSignedBytesThroughTwoMembersAreOneUpdate() throws Exception {
    Member leader = scene.leader(patient());
    Member one = scene.standby(patient(), leader);
    Member other = scene.standby(patient(), leader);
    byte[] sent = signed(update(7));

    byte[] first = scene.udp(one).ask(sent);
    byte[] second = scene.udp(other).ask(sent);

    assertThat(second).isEqualTo(first);
    assertThat(leader.named.received()).hasSize(1);
  }

  @Test
  void theSameUnsignedBytesOfTwoClientsOfAStandbyAreTwoUpdates() throws Exception {
    Member leader = scene.leader(patient());
    Member standby = scene.standby(patient(), leader);
    byte[] sent = update(7).toWire();

    scene.udp(standby).ask(sent);
    scene.udp(standby).ask(sent);

    assertThat(leader.named.received()).hasSize(2);
  }
}
