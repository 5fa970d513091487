package dev.zonekeeper.dns.net;

import static dev.zonekeeper.dns.net.Messages.LOOPBACK;
import static dev.zonekeeper.dns.net.Messages.answer;
import static dev.zonekeeper.dns.net.Messages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.dns.net.DnsServer.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DnsServerTest {

  private static final Set<Transport> BOTH = Set.of(Transport.UDP, Transport.TCP);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Handler ECHO = (message, exchange) -> exchange.answer(answer(message));

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  @Test
  void udpAndTcpAreAnsweredOnOnePort() throws Exception {
    DnsServer server = server(ServerLimits.DEFAULT, ECHO);

    DatagramSocket udp = udp(server);
    send(udp, query(1));
    Socket tcp = tcp(server);
    send(tcp, query(2));

    assertThat(receive(udp)).isEqualTo(answer(query(1)));
    assertThat(receive(tcp)).isEqualTo(answer(query(2)));
    assertThat(server.count(ServerEvent.UDP_MESSAGE)).isEqualTo(1);
    assertThat(server.count(ServerEvent.TCP_MESSAGE)).isEqualTo(1);
  }

  @Test
  void answersOfOneConnectionGoOutAsTheyFinish() throws Exception {
    CountDownLatch secondIsRead = new CountDownLatch(1);
    DnsServer server =
        server(
            ServerLimits.DEFAULT,
            (message, exchange) -> {
              if (DnsHeader.id(message) == 1) {
                secondIsRead.await();
              }
              exchange.answer(answer(message));
            });
    Socket tcp = tcp(server);

    send(tcp, query(1));
    send(tcp, query(2));

    assertThat(receive(tcp)).isEqualTo(answer(query(2)));
    secondIsRead.countDown();
    assertThat(receive(tcp)).isEqualTo(answer(query(1)));
  }

  @Test
  void messagesOfEverySizeUpToTheLargestComeThroughOverTcp() throws Exception {
    DnsServer server = server(ServerLimits.DEFAULT, ECHO);
    Socket tcp = tcp(server);

    for (int length : new int[] {13, 2047, 2048, 2049, 8192, 8193, 40_000, 65_535}) {
      send(tcp, query(length, length));
      assertThat(receive(tcp)).isEqualTo(answer(query(length, length)));
    }
  }

  @Test
  void aClientThatHasSentAllAndClosedItsHalfStillGetsItsAnswers() throws Exception {
    DnsServer server = server(ServerLimits.DEFAULT, ECHO);
    Socket tcp = tcp(server);

    for (int id = 0; id < 50; id++) {
      send(tcp, query(id));
    }
    tcp.shutdownOutput();

    for (int id = 0; id < 50; id++) {
      receive(tcp);
    }
    assertThat(tcp.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void theEndOfAConnectionIsSeenWhoeverEndsIt() throws Exception {
    BlockingQueue<Exchange.End> ended = new LinkedBlockingQueue<>();
    DnsServer server =
        server(
            ServerLimits.DEFAULT,
            (message, exchange) -> {
              exchange.answer(answer(message));
              ended.add(exchange.awaitEnd(LONG));
            });
    Socket tcp = tcp(server);
    exchange(tcp, query(1));
    assertThat(ended).isEmpty();

    tcp.close();
    assertThat(ended.take()).isEqualTo(Exchange.End.BY_CLIENT);

    exchange(tcp(server), query(2));
    server.close();
    assertThat(ended.take()).isEqualTo(Exchange.End.BY_SERVER);
  }

  @Test
  void aConnectionThatGoesOnHasNotEnded() throws Exception {
    BlockingQueue<Exchange.End> ended = new LinkedBlockingQueue<>();
    DnsServer server =
        server(
            ServerLimits.DEFAULT,
            (message, exchange) -> {
              ended.add(exchange.awaitEnd(Duration.ofMillis(1)));
              exchange.answer(answer(message));
            });

    exchange(tcp(server), query(1));

    assertThat(ended.take()).isEqualTo(Exchange.End.NOT_YET);
  }

  @Test
  void aClientThatDoesNotReadItsAnswersHasEndedItsConnection() throws Exception {
    BlockingQueue<Exchange.End> ended = new LinkedBlockingQueue<>();
    DnsServer server =
        server(
            ServerLimits.DEFAULT.withTimes(LONG, LONG, SHORT),
            (message, exchange) -> {
              try {
                for (int i = 0; i < 1_000; i++) {
                  exchange.answer(new byte[60_000]);
                }
              } finally {
                ended.add(exchange.awaitEnd(LONG));
              }
            });

    send(tcp(server), query(1));

    assertThat(ended.take()).isEqualTo(Exchange.End.BY_CLIENT);
  }

  @Test
  void oneConnectionTooManyIsClosedAndCounted() throws Exception {
    DnsServer server = server(ServerLimits.DEFAULT.withCounts(2, 100, 10), ECHO);
    exchange(tcp(server), query(1));
    Socket second = tcp(server);
    exchange(second, query(2));

    assertClosed(tcp(server));
    assertThat(server.count(ServerEvent.CONNECTION_REFUSED)).isEqualTo(1);

    second.close();
    await().until(() -> server.openConnections() == 1);
    exchange(tcp(server), query(3));
  }

  @Test
  void whoTakesAllConnectionsLosesOneToTheNextClient() throws Exception {
    DnsServer server = server(ServerLimits.DEFAULT.withCounts(3, 100, 10), ECHO);
    Socket first = tcp(server);
    exchange(first, query(1));
    for (int id = 2; id <= 3; id++) {
      exchange(tcp(server), query(id));
    }

    Socket other = new Socket();
    open.add(other);
    other.bind(new InetSocketAddress("127.0.0.2", 0));
    other.connect(server.address());
    exchange(other, query(4));

    assertClosed(first);
    assertThat(server.count(ServerEvent.CONNECTION_DISPLACED)).isEqualTo(1);
    assertThat(server.count(ServerEvent.CONNECTION_REFUSED)).isZero();
  }

  @Test
  void aClientThatDribblesItsMessageIsClosedAndDisturbsNobody() throws Exception {
    DnsServer server = server(ServerLimits.DEFAULT.withTimes(LONG, SHORT, LONG), ECHO);
    Socket slow = tcp(server);

    slow.getOutputStream().write(new byte[] {0, 30, 1, 2, 3});

    exchange(tcp(server), query(1));
    assertClosed(slow);
    assertThat(server.count(ServerEvent.READ_TIMED_OUT)).isEqualTo(1);
    await().until(() -> server.openConnections() == 1);
  }

  @Test
  void aSilentConnectionIsClosedButNotWhileItsAnswerIsBeingMade() throws Exception {
    CountDownLatch otherClosed = new CountDownLatch(1);
    DnsServer server =
        server(
            ServerLimits.DEFAULT.withTimes(SHORT, LONG, LONG),
            (message, exchange) -> {
              otherClosed.await();
              exchange.answer(answer(message));
            });
    Socket busy = tcp(server);
    send(busy, query(1));
    await().until(() -> server.messagesInFlight() == 1);

    assertClosed(tcp(server));
    assertThat(server.count(ServerEvent.IDLE_CLOSED)).isEqualTo(1);
    otherClosed.countDown();

    assertThat(receive(busy)).isEqualTo(answer(query(1)));
  }

  @Test
  void aClientThatDoesNotReadItsAnswersIsClosedAndDisturbsNobody() throws Exception {
    DnsServer server =
        server(
            ServerLimits.DEFAULT
                .withTimes(LONG, LONG, Duration.ofSeconds(1))
                .withBytes(64 << 20, 1000, 65535),
            (message, exchange) -> exchange.answer(new byte[60_000]));
    Socket deaf = tcp(server);
    for (int id = 0; id < 400; id++) {
      send(deaf, query(id));
    }

    Socket other = tcp(server);
    send(other, query(1));

    assertThat(receive(other)).hasSize(60_000);
    await().atMost(LONG).until(() -> server.count(ServerEvent.WRITE_TIMED_OUT) == 1);
    await().until(() -> server.messagesInFlight() == 0);
  }

  @Test
  void aMessageThatIsTooLargeClosesTheConnection() throws Exception {
    DnsServer server = server(ServerLimits.DEFAULT.withBytes(64 << 20, 1 << 20, 1000), ECHO);
    Socket tcp = tcp(server);
    exchange(tcp, query(1, 1000));

    send(tcp, query(2, 1001));

    assertClosed(tcp);
    assertThat(server.count(ServerEvent.OVERSIZED)).isEqualTo(1);
  }

  @Test
  void aMessageTooManyIsAnsweredServfail() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    DnsServer server =
        server(
            ServerLimits.DEFAULT.withCounts(10, 2, 10),
            (message, exchange) -> {
              release.await();
              exchange.answer(answer(message));
            });
    DatagramSocket udp = udp(server);
    Socket tcp = tcp(server);
    send(udp, query(1));
    send(udp, query(2));
    await().until(() -> server.messagesInFlight() == 2);

    byte[] request = query(0x0103);
    request[2] = 0x29; // UPDATE, RD

    send(udp, request);
    byte[] refused = {1, 3, (byte) 0xa9, 2, 0, 0, 0, 0, 0, 0, 0, 0};
    assertThat(receive(udp)).isEqualTo(refused);
    assertThat(exchange(tcp, request)).isEqualTo(refused);
    assertThat(server.count(ServerEvent.OVERLOADED)).isEqualTo(2);
    release.countDown();
    receive(udp);
    receive(udp);
    await().until(() -> server.messagesInFlight() == 0);
    assertThat(exchange(tcp, query(4))).isEqualTo(answer(query(4)));
  }

  @Test
  void memoryForMessagesIsBoundedWhoeverHoldsIt() throws Exception {
    DnsServer server = server(ServerLimits.DEFAULT.withBytes(100_000, 1 << 20, 65535), ECHO);
    List<Socket> hoarders = new ArrayList<>();

    // Each claims 60 KB and sends them all but for the last byte: only one fits.
    for (int i = 0; i < 3; i++) {
      Socket hoarder = tcp(server);
      hoarder.getOutputStream().write(new byte[] {(byte) (60_000 >> 8), (byte) 60_000});
      hoarder.getOutputStream().write(new byte[59_999]);
      hoarders.add(hoarder);
    }

    await().until(() -> server.count(ServerEvent.OVERLOADED) >= 2);
    await().until(() -> server.openConnections() <= 1);
    for (Socket hoarder : hoarders) {
      hoarder.close();
    }
    await().until(() -> server.openConnections() == 0);
    assertThat(exchange(tcp(server), query(1, 65_000))).hasSize(65_000);
  }

  @Test
  void clientsThatSendLargeMessagesSlowlyLeaveMemoryToTheOthers() throws Exception {
    DnsServer server = server(ServerLimits.DEFAULT.withBytes(100_000, 1 << 20, 65535), ECHO);
    for (int i = 0; i < 60; i++) {
      Socket slow = tcp(server);
      slow.getOutputStream().write(new byte[] {(byte) (60_000 >> 8), (byte) 60_000});
      slow.getOutputStream().write(new byte[600]);
    }

    await().until(() -> server.count(ServerEvent.OVERLOADED) > 0);

    assertThat(exchange(tcp(server), query(1, 500))).hasSize(500);
    DatagramSocket udp = udp(server);
    send(udp, query(2, 5_000));
    assertThat(receive(udp)).isEqualTo(answer(query(2, 5_000)));
  }

  @Test
  void oneConnectionCannotTakeAllTheMessagesInFlight() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger atWork = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    DnsServer server =
        server(
            ServerLimits.DEFAULT.withCounts(10, 100, 5),
            (message, exchange) -> {
              if (exchange.tcp()) {
                most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                release.await();
                atWork.decrementAndGet();
              }
              exchange.answer(answer(message));
            });
    Socket greedy = tcp(server);
    for (int id = 0; id < 50; id++) {
      send(greedy, query(id));
    }
    await().until(() -> atWork.get() == 5);

    DatagramSocket udp = udp(server);
    send(udp, query(1));
    assertThat(receive(udp)).isEqualTo(answer(query(1)));
    release.countDown();

    for (int id = 0; id < 50; id++) {
      receive(greedy);
    }
    assertThat(most).hasValue(5);
  }

  @Test
  void whatIsShorterThanAHeaderIsDroppedAndCounted() throws Exception {
    DnsServer server = server(ServerLimits.DEFAULT, ECHO);
    DatagramSocket udp = udp(server);
    Socket tcp = tcp(server);

    send(udp, new byte[11]);
    send(udp, new byte[1]);
    send(tcp, new byte[3]);

    assertThat(exchange(tcp, query(1))).isEqualTo(answer(query(1)));
    await().untilAsserted(() -> assertThat(server.count(ServerEvent.TOO_SHORT)).isEqualTo(3));
  }

  @Test
  void aHandlerThatFailsIsCountedAndTheNextMessageIsServed() throws Exception {
    DnsServer server =
        server(
            ServerLimits.DEFAULT,
            (message, exchange) -> {
              if (DnsHeader.id(message) == 1) {
                throw new IllegalStateException("for the test");
              }
              exchange.answer(answer(message));
            });
    Socket tcp = tcp(server);

    send(tcp, query(1));

    assertThat(exchange(tcp, query(2))).isEqualTo(answer(query(2)));
    await().until(() -> server.count(ServerEvent.HANDLER_FAILED) == 1);
    await().until(() -> server.messagesInFlight() == 0);
  }

  @Test
  void stoppingTakesNothingNewAndAnswersWhatIsInFlight() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    DnsServer server =
        server(
            ServerLimits.DEFAULT,
            (message, exchange) -> {
              release.await();
              exchange.answer(answer(message));
            });
    DatagramSocket udp = udp(server);
    Socket tcp = tcp(server);
    send(udp, query(1));
    send(tcp, query(2));
    await().until(() -> server.messagesInFlight() == 2);

    Thread stopping = Thread.startVirtualThread(() -> stop(server));
    await().until(() -> refused(server));
    release.countDown();

    assertThat(receive(udp)).isEqualTo(answer(query(1)));
    assertThat(receive(tcp)).isEqualTo(answer(query(2)));
    assertThat(tcp.getInputStream().read()).isEqualTo(-1);
    stopping.join();
    server(server.address(), ServerLimits.DEFAULT, ECHO);
  }

  @Test
  void anAddressThatIsTakenIsRefusedByName() throws Exception {
    DnsServer first = server(ServerLimits.DEFAULT, ECHO);

    assertThatThrownBy(() -> DnsServer.start(first.address(), BOTH, ServerLimits.DEFAULT, ECHO))
        .isInstanceOf(BindException.class)
        .hasMessageContaining(String.valueOf(first.address().getPort()));
    assertThatThrownBy(() ->
            DnsServer.start(first.address(), Set.of(Transport.UDP), ServerLimits.DEFAULT, ECHO))
        .isInstanceOf(BindException.class);
  }

  private static void stop(DnsServer server) {
    try {
      server.stop(LONG);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean refused(DnsServer server) {
    try (Socket _ = new Socket(server.address().getAddress(), server.address().getPort())) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private DnsServer server(ServerLimits limits, Handler handler) throws IOException {
    return server(LOOPBACK, limits, handler);
  }

  private DnsServer server(InetSocketAddress at, ServerLimits limits, Handler handler)
      throws IOException {
    DnsServer server = DnsServer.start(at, BOTH, limits, handler);
    open.add(server);
    return server;
  }

  private Socket tcp(DnsServer server) throws IOException {
    Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
    socket.setSoTimeout(Math.toIntExact(LONG.toMillis()));
    open.add(socket);
    return socket;
  }

  private DatagramSocket udp(DnsServer server) throws IOException {
    DatagramSocket socket = new DatagramSocket(LOOPBACK);
    socket.connect(server.address());
    socket.setSoTimeout(Math.toIntExact(LONG.toMillis()));
    open.add(socket);
    return socket;
  }

  private static void send(DatagramSocket socket, byte[] message) throws IOException {
    socket.send(new DatagramPacket(message, message.length));
  }

  private static void send(Socket socket, byte[] message) throws IOException {
    TcpFrames.write(socket.getOutputStream(), message);
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private static byte[] receive(Socket socket) throws IOException {
    return TcpFrames.read(socket.getInputStream()).orElseThrow();
  }

  private static byte[] exchange(Socket socket, byte[] message) throws IOException {
    send(socket, message);
    return receive(socket);
  }

  private static void assertClosed(Socket socket) throws IOException {
    try {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }
}
