package dev.zonekeeper.dns.net;

import static dev.zonekeeper.dns.net.Messages.answer;
import static dev.zonekeeper.dns.net.Messages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopbackUdpTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore mayAnswer = new Semaphore(0);
  private final List<byte[]> otherwise = new ArrayList<>();
  private DnsServer server;
  private LoopbackUdp udp;

  @BeforeEach
  void open() throws IOException {
    server =
        DnsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Set.of(DnsServer.Transport.UDP),
            ServerLimits.DEFAULT,
            (message, exchange) -> {
              mayAnswer.acquire();
              exchange.answer(answer(message));
            });
    udp =
        new LoopbackUdp(
            server.address(),
            2,
            (message, timeout) -> {
              otherwise.add(message);
              return answer(message);
            });
  }

  @AfterEach
  void close() {
    mayAnswer.release(1000);
    udp.close();
    server.close();
    threads.close();
  }

  @Test
  void answersFindTheirQuestions() throws Exception {
    mayAnswer.release(3);

    for (int id : List.of(1, 2, 1)) {
      assertThat(udp.exchange(query(id), LONG)).isEqualTo(answer(query(id)));
    }

    assertThat(otherwise).isEmpty();
  }

  @Test
  void aLargeMessageGoesTheOtherWay() throws Exception {
    byte[] large = query(1, 2000);

    assertThat(udp.exchange(large, LONG)).isEqualTo(answer(large));

    assertThat(otherwise).containsExactly(large);
  }

  @Test
  void anIdThatIsInUseOnEverySocketGoesTheOtherWay() throws Exception {
    List<Future<byte[]>> waiting = inFlight(7, 2);

    assertThat(udp.exchange(query(7), LONG)).isEqualTo(answer(query(7)));

    assertThat(otherwise).hasSize(1);
    mayAnswer.release(2);
    for (Future<byte[]> one : waiting) {
      assertThat(one.get()).isEqualTo(answer(query(7)));
    }
  }

  @Test
  void whatIsUnderWayFailsAtOnceOnHangUpAndWhatComesAfterDoesNot() throws Exception {
    List<Future<byte[]>> waiting = inFlight(7, 2);

    udp.hangUp("named has ended");

    for (Future<byte[]> one : waiting) {
      assertThatThrownBy(one::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(OutcomeUnknownException.class)
          .hasMessageContaining("named has ended");
    }
    mayAnswer.release(3);
    assertThat(udp.exchange(query(7), LONG)).isEqualTo(answer(query(7)));
  }

  @Test
  void oneThatIsNotAnsweredInTimeEndsNoOther() throws Exception {
    List<Future<byte[]>> waiting = inFlight(7, 2);

    assertThatThrownBy(() -> udp.exchange(query(8), Duration.ofMillis(1)))
        .isInstanceOf(OutcomeUnknownException.class);

    mayAnswer.release(3);
    for (Future<byte[]> one : waiting) {
      assertThat(one.get()).isEqualTo(answer(query(7)));
    }
  }

  @Test
  void aLateAnswerIsNotTakenForThatOfAnotherMessageWithItsId() throws Exception {
    for (int socket = 0; socket < 2; socket++) {
      assertThatThrownBy(() -> udp.exchange(query(8), Duration.ofMillis(1)))
          .isInstanceOf(OutcomeUnknownException.class);
    }

    assertThat(udp.exchange(query(8), LONG)).isEqualTo(answer(query(8)));

    assertThat(otherwise).as("went where no late answer comes").hasSize(1);
  }

  @Test
  void nothingIsSentAfterClose() {
    udp.close();

    assertThatThrownBy(() -> udp.exchange(query(1), LONG)).isInstanceOf(NotSentException.class);
  }

  private List<Future<byte[]>> inFlight(int id, int count) {
    List<Future<byte[]>> waiting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      waiting.add(threads.submit(() -> udp.exchange(query(id), LONG)));
    }
    await().until(() -> server.messagesInFlight() == count);
    return waiting;
  }
}
