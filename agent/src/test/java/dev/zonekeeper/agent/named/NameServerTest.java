package dev.zonekeeper.agent.named;

import static dev.zonekeeper.agent.named.NamedFixture.LIMIT;
import static dev.zonekeeper.agent.named.NamedFixture.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameServerTest {
  /** Each command is a log line of 60 octets or so; a pipe holds 65536. */
  private static final int MORE_THAN_A_PIPE_HOLDS = 2000;

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
  void startReturnsWhenNamedAnswersAndStopWhenItIsGone() throws Exception {
    NameServer server = fixture.primary(fixture.settings("primary-0"));
    ProcessHandle process = ProcessHandle.of(server.pid().orElseThrow()).orElseThrow();

    assertThat(NamedFixture.serial(server, ZONE)).hasValue(1);

    server.stop(LIMIT);
    assertThat(process.isAlive()).isFalse();
    assertThat(server.isRunning()).isFalse();
    assertThat(server.pid()).isEmpty();
  }

  @Test
  void stopWritesWhatOnlyTheJournalHadAndDoesNothingTheSecondTime() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer server = fixture.primary(settings);
    NamedFixture.addHost(server, "www", fixture.userKey);

    server.stop(LIMIT);
    server.stop(LIMIT);

    assertThat(NamedFixture.files(settings).savedSerial(ZONE)).hasValue(2);
  }

  @Test
  void anUnexpectedEndIsReportedWithTheSignal() throws Exception {
    NameServer server = fixture.primary(fixture.settings("primary-0"));
    CompletableFuture<ExitReason> exit = new CompletableFuture<>();
    server.onExit(exit::complete);
    long pid = server.pid().orElseThrow();

    ProcessHandle.of(pid).orElseThrow().destroyForcibly();

    ExitReason reason = exit.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(reason.pid()).isEqualTo(pid);
    assertThat(reason.code()).isEqualTo(128 + 9);
    assertThat(reason.asked()).isFalse();
    assertThat(reason.sentence()).contains("was ended by signal 9");
  }

  @Test
  void anEndThatWasAskedForSaysSo() throws Exception {
    NameServer server = fixture.primary(fixture.settings("primary-0"));
    CompletableFuture<ExitReason> exit = new CompletableFuture<>();
    server.onExit(exit::complete);

    server.kill();

    assertThat(exit.get(LIMIT.toSeconds(), TimeUnit.SECONDS).asked()).isTrue();
  }

  @Test
  void aKilledNamedStartsAgainWithAllThatWasAcknowledged() throws Exception {
    NameServer server = fixture.primary(fixture.settings("primary-0"));
    NamedFixture.addHost(server, "www", fixture.userKey);

    server.kill();
    server.start();

    assertThat(server.zonesReady(ZoneRole.PRIMARY, List.of(ZONE), LIMIT)).isEmpty();
    assertThat(NamedFixture.serial(server, ZONE)).hasValue(2);
  }

  @Test
  void aRunningNamedIsNotStartedTwice() throws Exception {
    NameServer server = fixture.primary(fixture.settings("primary-0"));

    assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
    assertThat(server.isRunning()).isTrue();
  }

  @Test
  void aListenerThatFailsDoesNotStopTheLog() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer server = fixture.server(settings);
    server
        .log()
        .onLine(line -> {
          throw new IllegalStateException("broken listener");
        });
    server.apply(ZoneRole.PRIMARY, new Serving(List.of(), List.of()));
    server.start();

    for (int i = 0; i < MORE_THAN_A_PIPE_HOLDS; i++) {
      server.rndc().status();
    }

    assertThat(server.rndc().status()).contains("up and running");
  }

  @Test
  void aLeftOverNamedOfTheSameDataFolderIsEndedFirst() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer before = fixture.primary(settings);
    long oldPid = before.pid().orElseThrow();

    NameServer after = fixture.server(settings);
    after.apply(
        ZoneRole.PRIMARY, new Serving(List.of(fixture.spec(ZONE)), List.of(fixture.userKey)));
    after.start();

    assertThat(ProcessHandle.of(oldPid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    assertThat(after.pid().orElseThrow()).isNotEqualTo(oldPid);
    assertThat(after.zonesReady(ZoneRole.PRIMARY, List.of(ZONE), LIMIT)).isEmpty();
  }

  @Test
  void aStoppedLeftOverIsKilled() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer before = fixture.primary(settings);
    ProcessHandle old = ProcessHandle.of(before.pid().orElseThrow()).orElseThrow();
    signal(old.pid(), "STOP");

    LeftOver.end(settings.namedConf(), Duration.ofMillis(200));

    assertThat(old.isAlive()).isFalse();
  }

  @Test
  void aStoppedNamedIsKilledWhenTheTimeIsOver() throws Exception {
    NameServer server = fixture.primary(fixture.settings("primary-0"));
    signal(server.pid().orElseThrow(), "STOP");

    server.stop(Duration.ofMillis(300));

    assertThat(server.isRunning()).isFalse();
  }

  @Test
  void onlyANamedWithExactlyOurConfigurationFileIsALeftOver() {
    Path conf = Path.of("/data/a/named.conf");

    assertThat(
            LeftOver.isNamedOf(
                List.of("/usr/sbin/named", "-f", "-c", "/data/a/named.conf", "-L", "x"), conf))
        .isTrue();
    assertThat(LeftOver.isNamedOf(List.of("named", "-f", "-c", "/data/a/named.conf2"), conf))
        .isFalse();
    assertThat(LeftOver.isNamedOf(List.of("tail", "-f", "/data/a/named.conf"), conf)).isFalse();
    assertThat(LeftOver.isNamedOf(List.of("sh", "-c", "named -f -c /data/a/named.conf"), conf))
        .isFalse();
    assertThat(LeftOver.isNamedOf(List.of(""), conf)).isFalse();
  }

  @Test
  void aTakenDnsPortIsAnErrorThatNamesItAndNothingKeepsRunning() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer server = fixture.server(settings);
    server.apply(ZoneRole.PRIMARY, new Serving(List.of(), List.of()));

    try (ServerSocket taken = listen(settings.namedPort())) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(server::start)
          .isInstanceOf(NamedFailure.class)
          .hasMessageContaining("address in use");
    }
    assertThat(server.isRunning()).isFalse();
  }

  @Test
  void aTakenControlPortIsAnErrorToo() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer server = fixture.server(settings);
    server.apply(ZoneRole.PRIMARY, new Serving(List.of(), List.of()));

    try (ServerSocket taken = listen(settings.rndcPort())) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(server::start)
          .isInstanceOf(NamedFailure.class)
          .hasMessageContaining("couldn't add command channel")
          .hasMessageContaining(Integer.toString(settings.rndcPort()));
    }
  }

  @Test
  void theNamedOfAnotherMemberOnTheSamePortIsNotTakenForOurs() throws Exception {
    NamedSettings other = fixture.settings("other");
    fixture.primary(other);
    NamedSettings mine = fixture.settings("mine");
    NamedSettings clash =
        new NamedSettings(
            mine.workDir(),
            mine.runDir(),
            mine.member(),
            other.namedPort(),
            mine.upstreamPort(),
            mine.notifyPort(),
            mine.rndcPort(),
            Optional.empty(),
            fixture.clusterKey,
            mine.named());
    NameServer server = fixture.server(clash);
    server.apply(ZoneRole.PRIMARY, new Serving(List.of(), List.of()));

    assertThatThrownBy(() -> server.start(Duration.ofSeconds(3))).isInstanceOf(NamedFailure.class);
    assertThat(server.isRunning()).isFalse();
  }

  @Test
  void aNamedThatEndsWhileStartingLeavesItsLastWordsAndNoExitEvent() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer server = fixture.server(settings);
    CompletableFuture<ExitReason> exit = new CompletableFuture<>();
    server.onExit(exit::complete);
    server.apply(ZoneRole.PRIMARY, new Serving(List.of(), List.of()));
    Files.writeString(settings.namedConf(), "options { nonsense yes; };");

    assertThatThrownBy(server::start)
        .isInstanceOf(NamedFailure.class)
        .hasMessageContaining("exited with code 1")
        .hasMessageContaining("unknown option 'nonsense'");
    assertThat(exit).isNotDone();
  }

  @Test
  void secondariesAnswerAtTheServiceAddressToo() throws Exception {
    NamedSettings settings = fixture.settings("secondary-0");
    int port = NamedFixture.freePort();
    NamedSettings serving =
        withService(settings, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    NameServer server = fixture.secondary(serving);

    Readiness outside =
        new Readiness(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), fixture.clusterKey);

    assertThat(server.isRunning()).isTrue();
    assertThat(outside.serverId(LIMIT)).hasValue(serving.serverId());
  }

  @Test
  void twoSecondariesNeverShareAServiceAddress() throws Exception {
    InetSocketAddress service =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), NamedFixture.freePort());
    fixture.secondary(withService(fixture.settings("secondary-0"), service));
    NameServer second = fixture.server(withService(fixture.settings("secondary-1"), service));
    second.apply(ZoneRole.SECONDARY, new Serving(List.of(), List.of()));

    assertThatThrownBy(second::start)
        .isInstanceOf(NamedFailure.class)
        .hasMessageContaining(service.getPort() + ": address in use");
    assertThat(second.isRunning()).isFalse();
  }

  @Test
  void aServiceAddressThatIsNotOfThisMachineIsAnError() throws Exception {
    NamedSettings settings =
        withService(
            fixture.settings("secondary-0"),
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.77"), NamedFixture.freePort()));
    NameServer server = fixture.server(settings);
    server.apply(ZoneRole.SECONDARY, new Serving(List.of(), List.of()));

    assertThatThrownBy(() -> server.start(Duration.ofSeconds(3)))
        .isInstanceOf(NamedFailure.class)
        .hasMessageContaining("192.0.2.77");
  }

  @Test
  void aMissingNamedSaysWhatToInstall() {
    assertThatThrownBy(() -> NamedTools.of(folder.resolve("named")))
        .isInstanceOf(NamedFailure.class)
        .hasMessageContaining("bind9");
  }

  private NamedSettings withService(NamedSettings settings, InetSocketAddress service) {
    return new NamedSettings(
        settings.workDir(),
        settings.runDir(),
        settings.member(),
        settings.namedPort(),
        settings.upstreamPort(),
        settings.notifyPort(),
        settings.rndcPort(),
        Optional.of(service),
        settings.clusterKey(),
        settings.named());
  }

  private static ServerSocket listen(int port) throws Exception {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  static void signal(long pid, String name) throws Exception {
    int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    assertThat(code).isZero();
    if (name.equals("STOP")) {
      await().until(() -> isStopped(pid));
    }
  }

  /** Each thread stops for itself, and on a busy machine a moment after the signal. */
  private static boolean isStopped(long pid) throws IOException {
    Path tasks = Path.of("/proc/" + pid + "/task");
    if (!Files.exists(tasks)) {
      return true; // not Linux
    }
    try (Stream<Path> threads = Files.list(tasks)) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
    }
    return true;
  }
}
