package dev.zonekeeper.agent.gateway;

import static dev.zonekeeper.agent.gateway.Scene.patient;
import static dev.zonekeeper.agent.gateway.Wire.ZONE;
import static dev.zonekeeper.agent.gateway.Wire.query;
import static dev.zonekeeper.agent.gateway.Wire.rcode;
import static dev.zonekeeper.agent.gateway.Wire.why;
import static dev.zonekeeper.agent.gateway.Wire.withEdns;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.dns.net.ServerEvent;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** What nobody should send and somebody does. */
@Timeout(60)
class GatewayBadInputTest {

  private final Scene scene = new Scene();

  @AfterEach
  void end() throws Exception {
    scene.close();
  }

  @Test
  void whatDoesNotParseIsFormerr() throws Exception {
    Member leader = scene.leader(patient());
    byte[] sent = Wire.update(7).toWire();
    byte[] cutOff = Arrays.copyOf(sent, sent.length - 3);

    byte[] answer = scene.tcp(leader).ask(cutOff);

    assertThat(rcode(answer)).isEqualTo(Rcode.FORMERR);
    assertThat(leader.named.received()).isEmpty();
    assertThat(leader.count("zonekeeper_gateway_messages", "kind", "malformed")).isEqualTo(1);
  }

  @Test
  void anAnswerIsDroppedAndCounted() throws Exception {
    Member leader = scene.leader(patient());
    Client client = scene.tcp(leader);

    client.send(Wire.noError(Wire.update(7).toWire()));
    client.send(Arrays.copyOf(Wire.noError(Wire.update(7).toWire()), 20));

    assertNextAnswerIs(client, 99);
    assertThat(leader.named.received()).hasSize(1);
    assertThat(leader.count("zonekeeper_gateway_messages", "kind", "response")).isEqualTo(2);
  }

  @Test
  void whatHasNoHeaderIsDroppedAndCounted() throws Exception {
    Member leader = scene.leader(patient());
    Client client = scene.tcp(leader);

    client.send(new byte[11]);

    assertNextAnswerIs(client, 99);
    assertThat(
            leader
                .meters
                .get("zonekeeper_server_events")
                .tags("server", "gateway", "event", "too_short")
                .functionCounter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void anOpcodeThatNobodyServesIsNotimp() throws Exception {
    Member leader = scene.leader(patient());
    Client client = scene.tcp(leader);

    for (int opcode : new int[] {Opcode.IQUERY, Opcode.STATUS, Opcode.DSO, 15}) {
      Message message = query(7, ZONE, Type.A);
      message.getHeader().setOpcode(opcode);
      assertThat(rcode(client.ask(message.toWire()))).isEqualTo(Rcode.NOTIMP);
      byte[] withoutQuestion = Arrays.copyOf(message.toWire(), 12);
      withoutQuestion[5] = 0;
      assertThat(rcode(client.ask(withoutQuestion))).isEqualTo(Rcode.NOTIMP);
    }
    assertThat(leader.named.received()).isEmpty();
  }

  @Test
  void aNotifyIsRefused() throws Exception {
    Member leader = scene.leader(patient());
    Message notify = withEdns(query(7, ZONE, Type.SOA), 1232);
    notify.getHeader().setOpcode(Opcode.NOTIFY);

    byte[] answer = scene.udp(leader).ask(notify.toWire());

    assertThat(rcode(answer)).isEqualTo(Rcode.REFUSED);
    assertThat(why(answer)).contains("NOTIFY");
    assertThat(leader.named.received()).isEmpty();
  }

  @Test
  void rubbishOfEveryKindLeavesTheGatewayServing() throws Exception {
    Member leader = scene.leader(patient());
    Client udp = scene.udp(leader);
    Random random = new Random(20260101);
    for (int i = 0; i < 2000; i++) {
      byte[] rubbish = i % 2 == 0 ? Wire.update(i).toWire() : new byte[random.nextInt(200)];
      for (int flips = random.nextInt(8); flips >= 0 && rubbish.length > 0; flips--) {
        rubbish[random.nextInt(rubbish.length)] = (byte) random.nextInt();
      }
      udp.send(rubbish);
    }

    assertNextAnswerIs(scene.tcp(leader), 99);
    assertThat(leader.clients.count(ServerEvent.HANDLER_FAILED)).isZero();
  }

  private static void assertNextAnswerIs(Client client, int id) throws Exception {
    byte[] answer = client.ask(query(id, ZONE, Type.A).toWire());
    assertThat(Wire.parse(answer).getHeader().getID()).isEqualTo(id);
  }
}
