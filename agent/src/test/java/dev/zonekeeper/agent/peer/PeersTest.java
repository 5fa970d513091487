package dev.zonekeeper.agent.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.agent.peer.Peers.Purpose;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Confirmation;
import dev.zonekeeper.dns.PeerCodec;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.TsigKey;
import dev.zonekeeper.dns.net.DnsServer;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.ServerLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

class PeersTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final byte[] QUERY =
      Message.newQuery(
              Record.newRecord(Name.fromConstantString("example.com."), Type.AXFR, DClass.IN))
          .toWire();

  private static final TsigKey KEY = TsigKey.generate("cluster", new SecureRandom());

  private final PeerCodec codec = new PeerCodec(() -> KEY);
  private final Silent silent = new Silent();
  private DnsServer old;
  private Peers peers;

  @BeforeEach
  void open() throws IOException {
    old =
        DnsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            EnumSet.of(DnsServer.Transport.TCP),
            ServerLimits.PEERS,
            new PeerServer(codec, () -> new Facts(Map.of("member", "old")), silent));
    peers = new Peers(codec, () -> new Sender("me", "1"), name -> Optional.of(old.address()));
  }

  @AfterEach
  void close() {
    silent.end.countDown();
    peers.close();
    old.close();
  }

  @Test
  void anOldLeaderIsNotWaitedForWithZoneDataButWithMessagesOfClients() throws Exception {
    CompletableFuture<Exception> pulled = pull();
    CompletableFuture<Exception> forwarded = forward();
    await().until(() -> silent.asked.get() == 2);
    OldLeaders leaders = new OldLeaders(peers, LONG);

    leaders.leads("old");
    leaders.leads("old");
    assertThat(pulled).isNotDone();

    leaders.leads("new");
    await().until(pulled::isDone);
    assertThat(pulled.get()).isInstanceOf(IOException.class);
    assertThat(forwarded).isNotDone();
  }

  @Test
  void messagesThatAnOldLeaderDoesNotAnswerFailInTheEnd() throws Exception {
    CompletableFuture<Exception> forwarded = forward();
    await().until(() -> silent.asked.get() == 1);
    OldLeaders leaders = new OldLeaders(peers, Duration.ofMillis(50));

    leaders.leads("old");
    leaders.leads("new");

    await().until(forwarded::isDone);
    assertThat(forwarded.get()).isInstanceOf(IOException.class);
  }

  @Test
  void whatIsSaidAmongMembersGoesOnWhoeverLeads() throws Exception {
    peers.ask("old", Map.of(), LONG);

    peers.hangUpAllBut("new", Purpose.PULL);
    peers.hangUpAllBut("new", Purpose.FORWARD);

    assertThat(peers.ask("old", Map.of(), LONG).values()).containsEntry("member", "old");
    assertThat(old.openConnections()).isEqualTo(1);
  }

  private CompletableFuture<Exception> pull() {
    return failureOf(() -> peers.pool("old", Purpose.PULL).stream(QUERY, LONG, message -> true));
  }

  private CompletableFuture<Exception> forward() {
    return failureOf(() -> peers.pool("old", Purpose.FORWARD).exchange(QUERY, LONG));
  }

  private interface Call {
    void run() throws Exception;
  }

  /** What the call ends with, once it does. */
  private static CompletableFuture<Exception> failureOf(Call call) {
    CompletableFuture<Exception> failure = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            call.run();
            failure.complete(new IllegalStateException("it was answered"));
          } catch (Exception e) {
            failure.complete(e);
          }
        });
    return failure;
  }

  /** A member that takes questions for the leader and never answers. */
  private static final class Silent implements PeerServer.Services {
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    @Override
    public void heard(Sender from, Facts facts) {}

    @Override
    public Confirmation confirm(CommitRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void forwarded(byte[] message, Exchange exchange) throws Exception {
      asked.incrementAndGet();
      end.await();
    }

    @Override
    public void pulled(Sender by, byte[] query, Exchange exchange) throws Exception {
      asked.incrementAndGet();
      end.await();
    }
  }
}
