package dev.zonekeeper.dns.net;

import static dev.zonekeeper.dns.net.Messages.LOOPBACK;
import static dev.zonekeeper.dns.net.Messages.answer;
import static dev.zonekeeper.dns.net.Messages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.dns.net.DnsServer.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DnsPoolTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    threads.shutdownNow();
  }

  @Test
  void answersComeBackToTheirQuestionsWhateverTheirOrder() throws Exception {
    CountDownLatch firstAnswered = new CountDownLatch(1);
    DnsServer server =
        server((message, exchange) -> {
          if (DnsHeader.id(message) == 1) {
            firstAnswered.await();
          }
          exchange.answer(answer(message));
        });
    DnsPool pool = pool(server.address(), limits(1, 10), Optional.empty());

    Future<byte[]> slow = threads.submit(() -> pool.exchange(query(1), LONG));
    byte[] fast = pool.exchange(query(2), LONG);
    firstAnswered.countDown();

    assertThat(fast).isEqualTo(answer(query(2)));
    assertThat(slow.get()).isEqualTo(answer(query(1)));
    assertThat(server.openConnections()).isEqualTo(1);
  }

  @Test
  void noConnectionHasTwoMessagesOfOneIdInFlight() throws Exception {
    ConcurrentLinkedQueue<ClientAddress> from = new ConcurrentLinkedQueue<>();
    CountDownLatch both = new CountDownLatch(2);
    DnsServer server =
        server((message, exchange) -> {
          from.add(exchange.client());
          both.countDown();
          both.await();
          exchange.answer(answer(message));
        });
    DnsPool pool = pool(server.address(), limits(2, 10), Optional.empty());

    Future<byte[]> one = threads.submit(() -> pool.exchange(query(7, 20), LONG));
    Future<byte[]> other = threads.submit(() -> pool.exchange(query(7, 30), LONG));

    assertThat(one.get()).hasSize(20);
    assertThat(other.get()).hasSize(30);
    assertThat(from).doesNotHaveDuplicates();
  }

  @Test
  void aMessageWaitsForRoomWhenAllConnectionsAreFull() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    DnsServer server =
        server((message, exchange) -> {
          release.await();
          exchange.answer(answer(message));
        });
    DnsPool pool = pool(server.address(), limits(2, 3), Optional.empty());

    List<Future<byte[]>> answers = new ArrayList<>();
    for (int id = 0; id < 20; id++) {
      byte[] message = query(id);
      answers.add(threads.submit(() -> pool.exchange(message, LONG)));
    }
    await().until(() -> server.messagesInFlight() == 6);
    assertThat(server.openConnections()).isEqualTo(2);
    assertThatThrownBy(() -> pool.exchange(query(99), SHORT)).isInstanceOf(NotSentException.class);
    release.countDown();

    for (int id = 0; id < 20; id++) {
      assertThat(answers.get(id).get()).isEqualTo(answer(query(id)));
    }
  }

  @Test
  void aCrowdWithFewIdsIsServedThroughFewConnections() throws Exception {
    DnsServer server = server((message, exchange) -> exchange.answer(answer(message)));
    DnsPool pool = pool(server.address(), limits(2, 3), Optional.empty());

    List<Future<byte[]>> answers = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      byte[] message = query(i % 4, 20 + i % 4);
      answers.add(threads.submit(() -> pool.exchange(message, LONG)));
    }

    for (int i = 0; i < 3000; i++) {
      assertThat(answers.get(i).get()).isEqualTo(answer(query(i % 4, 20 + i % 4)));
    }
    assertThat(server.openConnections()).isEqualTo(2);
  }

  @Test
  void whereNobodyListensTheMessageIsNotSent() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(LOOPBACK);
      nobody = (InetSocketAddress) socket.getLocalSocketAddress();
    }
    DnsPool pool = pool(nobody, limits(1, 1), Optional.empty());

    assertThatThrownBy(() -> pool.exchange(query(1), LONG)).isInstanceOf(NotSentException.class);
  }

  @Test
  void whereThereIsNoAddressTheMessageIsNotSentAndNobodyIsAskedForOne() {
    try (DnsPool pool =
        new DnsPool(
            InetSocketAddress.createUnresolved("primary-9", 53),
            DnsPool.Limits.PEER,
            Optional.empty())) {
      assertThatThrownBy(() -> pool.exchange(new byte[12], Duration.ofSeconds(10)))
          .isInstanceOf(NotSentException.class)
          .hasMessage("primary-9 has no address now");
    }
  }

  @Test
  void withoutAnAnswerInTimeTheOutcomeIsUnknownAndTheConnectionIsReplaced() throws Exception {
    ConcurrentLinkedQueue<ClientAddress> from = new ConcurrentLinkedQueue<>();
    DnsServer server =
        server((message, exchange) -> {
          from.add(exchange.client());
          if (DnsHeader.id(message) != 1) {
            exchange.answer(answer(message));
          }
        });
    DnsPool pool = pool(server.address(), limits(1, 10), Optional.empty());

    assertThatThrownBy(() -> pool.exchange(query(1), SHORT))
        .isInstanceOf(OutcomeUnknownException.class);
    pool.exchange(query(2), LONG);

    assertThat(from).hasSize(2).doesNotHaveDuplicates();
    await().until(() -> server.openConnections() == 1);
  }

  @Test
  void aConnectionThatThePeerResetsFailsWhatIsInFlightAtOnceAndTellsTheListener() throws Exception {
    CompletableFuture<String> heard = new CompletableFuture<>();
    CountDownLatch arrived = new CountDownLatch(1);
    DnsServer server =
        server((message, exchange) -> {
          arrived.countDown();
          new CountDownLatch(1).await();
        });
    DnsPool pool = pool(server.address(), limits(1, 10), Optional.empty());
    pool.onDisconnect(heard::complete);

    Future<byte[]> answer = threads.submit(() -> pool.exchange(query(1), LONG));
    arrived.await();
    server.close();

    assertThatThrownBy(answer::get).hasCauseInstanceOf(OutcomeUnknownException.class);
    assertThat(heard.get(30, TimeUnit.SECONDS)).isNotEmpty();
  }

  @Test
  void theEndOfAnIdleConnectionIsHeardOfToo() throws Exception {
    CompletableFuture<String> heard = new CompletableFuture<>();
    DnsServer server = server((message, exchange) -> exchange.answer(answer(message)));
    DnsPool pool = pool(server.address(), limits(1, 10), Optional.empty());
    pool.onDisconnect(heard::complete);
    pool.exchange(query(1), LONG);

    server.close();

    assertThat(heard.get(30, TimeUnit.SECONDS)).isNotEmpty();
  }

  @Test
  void whatThisSideClosesIsNoDisconnect() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    DnsServer server = server((message, exchange) -> exchange.answer(answer(message)));
    DnsPool pool = pool(server.address(), limits(1, 10), Optional.empty());
    pool.onDisconnect(reason -> heard.incrementAndGet());
    pool.exchange(query(1), LONG);

    pool.close();
    await().until(() -> server.openConnections() == 0);

    assertThat(heard).hasValue(0);
    assertThatThrownBy(() -> pool.exchange(query(1), LONG)).isInstanceOf(NotSentException.class);
  }

  @Test
  void aMessageWhoseWriteHasNotBegunIsNotSentWhenThePeerDoesNotRead() throws Exception {
    try (ServerSocket deaf = new ServerSocket()) {
      deaf.setReceiveBufferSize(4096);
      deaf.bind(LOOPBACK);
      DnsPool pool =
          pool((InetSocketAddress) deaf.getLocalSocketAddress(), limits(1, 1000), Optional.empty());

      // Far more than the buffers of both sides take: the writer is stuck within one of these.
      List<Future<byte[]>> stuck = new ArrayList<>();
      for (int id = 0; id < 400; id++) {
        byte[] message = query(id, 60_000);
        stuck.add(threads.submit(() -> pool.exchange(message, LONG)));
      }
      Socket accepted = deaf.accept();
      await().until(() -> pool.inFlight() == 400);
      assertThatThrownBy(() -> pool.exchange(query(999), Duration.ofSeconds(1)))
          .isInstanceOf(NotSentException.class);
      accepted.close();

      AtomicInteger notSent = new AtomicInteger();
      AtomicInteger unknown = new AtomicInteger();
      for (Future<byte[]> one : stuck) {
        assertThatThrownBy(one::get)
            .satisfies(e ->
                (e.getCause() instanceof NotSentException ? notSent : unknown).incrementAndGet());
      }
      assertThat(notSent).hasPositiveValue();
      assertThat(unknown).hasPositiveValue();
    }
  }

  @Test
  void aConnectionThatThePeerClosedIsReplaced() throws Exception {
    DnsServer first = server((message, exchange) -> exchange.answer(answer(message)));
    DnsPool pool = pool(first.address(), limits(1, 10), Optional.empty());
    CompletableFuture<String> heard = new CompletableFuture<>();
    pool.onDisconnect(heard::complete);
    pool.exchange(query(1), LONG);
    first.close();
    heard.get();
    DnsServer second =
        started(
            DnsServer.start(
                first.address(),
                Set.of(Transport.TCP),
                ServerLimits.DEFAULT,
                (message, exchange) -> exchange.answer(answer(message))));

    assertThat(pool.exchange(query(2), LONG)).isEqualTo(answer(query(2)));
    assertThat(second.count(ServerEvent.TCP_MESSAGE)).isEqualTo(1);
  }

  @Test
  void aConnectionThatWasIdleForLongIsReplacedBeforeTheNextMessage() throws Exception {
    Set<ClientAddress> from = ConcurrentHashMap.newKeySet();
    DnsServer server =
        server((message, exchange) -> {
          from.add(exchange.client());
          exchange.answer(answer(message));
        });
    DnsPool pool =
        pool(server.address(), new DnsPool.Limits(1, 10, LONG, Duration.ZERO), Optional.empty());

    pool.exchange(query(1), LONG);
    pool.exchange(query(2), LONG);

    assertThat(from).hasSize(2);
  }

  @Test
  void eachConnectionBeginsWithAHelloWhoseAnswerIsChecked() throws Exception {
    ConcurrentLinkedQueue<Integer> ids = new ConcurrentLinkedQueue<>();
    DnsServer server =
        server((message, exchange) -> {
          ids.add(DnsHeader.id(message));
          exchange.answer(answer(message));
        });
    DnsPool accepted = pool(server.address(), limits(1, 10), Optional.of(hello(true)));
    DnsPool refused = pool(server.address(), limits(1, 10), Optional.of(hello(false)));

    accepted.exchange(query(1), LONG);
    accepted.exchange(query(2), LONG);
    assertThat(ids).containsExactly(500, 1, 2);

    assertThatThrownBy(() -> refused.exchange(query(3), LONG))
        .isInstanceOf(NotSentException.class)
        .hasMessageContaining("hello");
    assertThat(ids).doesNotContain(3);
  }

  @Test
  void aStreamHandsOverEachMessageUntilTheLast() throws Exception {
    DnsServer server =
        server((message, exchange) -> {
          for (int length = 100; length <= 102; length++) {
            exchange.answer(answer(query(DnsHeader.id(message), length)));
          }
        });
    DnsPool pool = pool(server.address(), limits(1, 10), Optional.empty());
    List<Integer> lengths = new ArrayList<>();

    pool.stream(
        query(1),
        LONG,
        message -> {
          lengths.add(message.length);
          return message.length < 102;
        });

    assertThat(lengths).containsExactly(100, 101, 102);
  }

  @Test
  void aStreamThatStopsIsAnError() throws Exception {
    DnsServer silent = server((message, exchange) -> {});
    DnsPool pool = pool(silent.address(), limits(1, 10), Optional.empty());

    assertThatThrownBy(() -> pool.stream(query(1), SHORT, message -> true))
        .isInstanceOf(IOException.class);
  }

  private static DnsPool.Hello hello(boolean accepted) {
    return new DnsPool.Hello() {
      @Override
      public byte[] message() {
        return query(500);
      }

      @Override
      public boolean accepts(byte[] message, byte[] answer) {
        return accepted && DnsHeader.id(message) == DnsHeader.id(answer);
      }
    };
  }

  private static DnsPool.Limits limits(int connections, int inFlight) {
    return new DnsPool.Limits(connections, inFlight, LONG, LONG);
  }

  private DnsServer server(Handler handler) throws IOException {
    return started(DnsServer.start(LOOPBACK, Set.of(Transport.TCP), ServerLimits.DEFAULT, handler));
  }

  private DnsServer started(DnsServer server) {
    open.add(server);
    return server;
  }

  private DnsPool pool(InetSocketAddress to, DnsPool.Limits limits, Optional<DnsPool.Hello> hello) {
    DnsPool pool = new DnsPool(to, limits, hello);
    open.add(pool);
    return pool;
  }
}
