package dev.zonekeeper.agent.gateway;

import static dev.zonekeeper.agent.gateway.Scene.patient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Very many clients at once. */
@Timeout(120)
class GatewayCrowdTest {

  private static final int CLIENTS = 5000;

  private final Scene scene = new Scene();

  @AfterEach
  void end() throws Exception {
    scene.close();
  }

  @Test
  void fiveThousandClientsAtOnceGetEachItsAnswer() throws Exception {
    CountDownLatch allAreIn = new CountDownLatch(1);
    Member leader = scene.leader(patient());
    leader.named.does((message, exchange) -> {
      allAreIn.await();
      exchange.answer(Wire.noError(message));
    });
    List<DatagramChannel> clients = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (int id = 0; id < CLIENTS; id++) {
        clients.add(client(leader.clients.address(), id, selector));
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> leader.clients.messagesInFlight() == CLIENTS);
      assertThat(leader.named.working()).isEqualTo(GatewaySettings.DEFAULT.updatesInFlight());
      allAreIn.countDown();

      int answered = 0;
      while (answered < CLIENTS) {
        assertThat(selector.select(60_000)).as("after %d answers", answered).isPositive();
        for (SelectionKey key : selector.selectedKeys()) {
          ByteBuffer answer = ByteBuffer.allocate(512);
          ((DatagramChannel) key.channel()).read(answer);
          assertThat(answer.getShort(0) & 0xffff).isEqualTo(key.attachment());
          key.cancel();
          answered++;
        }
        selector.selectedKeys().clear();
      }
    } finally {
      for (DatagramChannel client : clients) {
        client.close();
      }
    }
    assertThat(leader.named.received()).hasSize(CLIENTS);
    assertThat(leader.named.mostWorking())
        .isLessThanOrEqualTo(GatewaySettings.DEFAULT.updatesInFlight());
  }

  private static DatagramChannel client(InetSocketAddress server, int id, Selector selector)
      throws Exception {
    DatagramChannel channel = DatagramChannel.open();
    channel.connect(server);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, id);
    channel.write(ByteBuffer.wrap(Wire.update(id).toWire()));
    return channel;
  }
}
