package dev.zonekeeper.agent.named;

import static dev.zonekeeper.agent.named.NamedFixture.LIMIT;
import static dev.zonekeeper.agent.named.NamedFixture.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.dns.TsigKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class RndcTest {
  private static final Name UNKNOWN = Name.fromConstantString("unknown.example.");

  @TempDir Path folder;
  private NamedFixture fixture;

  @BeforeEach
  void open() {
    fixture = new NamedFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void commandsAreCarriedOutAndAnswered() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    Rndc rndc = fixture.primary(settings).rndc();

    assertThat(rndc.status()).contains("server is up and running");
    assertThat(rndc.zoneStatus(ZONE)).contains("type: primary");
    rndc.sync(ZONE);
    rndc.syncAll();
    rndc.syncAllAndDropJournals();
    rndc.notifyFollowers(ZONE);
    rndc.reconfig();
  }

  @Test
  void aSecondaryIsRefreshedAndTransferredAnew() throws Exception {
    NamedSettings leading = fixture.settings("primary-0");
    fixture.primary(leading);
    NameServer standby = fixture.secondary(fixture.settings("primary-1", leading.namedPort()));
    await().atMost(LIMIT).until(() -> NamedFixture.serial(standby, ZONE).isPresent());

    standby.rndc().refresh(ZONE);
    standby.rndc().retransfer(ZONE);
    assertThat(standby.rndc().zoneStatus(ZONE)).contains("type: secondary");
  }

  @Test
  void whatNamedRefusesIsSaidInItsWords() throws Exception {
    Rndc rndc = fixture.primary(fixture.settings("primary-0")).rndc();

    thrownBy(() -> rndc.run("zonestatus " + UNKNOWN))
        .hasMessageContaining("no matching zone 'unknown.example.'")
        .asInstanceOf(type(RndcException.class))
        .matches(RndcException::refused);
    thrownBy(() -> rndc.run("frobnicate")).hasMessageContaining("frobnicate");
  }

  @Test
  void manyCommandsAtOnceAreAllAnswered() throws Exception {
    Rndc rndc = fixture.primary(fixture.settings("primary-0")).rndc();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> status = rndc::status;
      for (Future<String> answer :
          threads.invokeAll(IntStream.range(0, 40).mapToObj(i -> status).toList())) {
        assertThat(answer.get()).contains("up and running");
      }
    }
  }

  @Test
  void aWrongKeyGetsNoAnswer() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    fixture.primary(settings);
    TsigKey wrong = TsigKey.generate(NamedConf.RNDC_KEY, new SecureRandom());
    Rndc rndc = rndc(settings.rndcPort(), wrong);

    thrownBy(rndc::status)
        .hasMessageContaining("named closed the connection")
        .asInstanceOf(type(RndcException.class))
        .matches(e -> !e.refused());
  }

  @Test
  void nobodyThereIsAnErrorWithTheAddress() {
    int port = NamedFixture.freePort();

    thrownBy(() -> rndc(port, fixture.userKey).stop())
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageContaining("refused");
  }

  @Test
  void silenceEndsWithTheTimeLimit() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Rndc rndc = rndc(silent.getLocalPort(), fixture.userKey).within(Duration.ofMillis(50));

      thrownBy(rndc::status).hasMessageContaining("within 50 ms").hasMessageContaining("timed out");
    }
  }

  private static AbstractThrowableAssert<?, ?> thrownBy(ThrowingCallable call) {
    return assertThatThrownBy(call).isInstanceOf(RndcException.class);
  }

  private static Rndc rndc(int port, TsigKey key) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    return new Rndc(address, key, Clock.systemUTC(), LIMIT);
  }
}
