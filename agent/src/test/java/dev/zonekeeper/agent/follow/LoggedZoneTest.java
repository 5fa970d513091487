package dev.zonekeeper.agent.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.agent.changes.ChangeLog;
import dev.zonekeeper.agent.home.MemberHome;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Delta;
import dev.zonekeeper.dns.Sender;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

/** A zone at a member with a change log, whose named does not pull unless the test lets it. */
class LoggedZoneTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final long EPOCH = 3;
  private static final long SERIAL = ZoneSerial.firstOf(EPOCH).value();

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final FakeZones named = new FakeZones();
  private final ChangesToHold changes = new ChangesToHold(ZONE);
  private final AtomicInteger losses = new AtomicInteger();
  private final AtomicBoolean lossIsKept = new AtomicBoolean(true);
  private final Pace pace = new Pace();
  private MemberHome home;
  private Resync resync;
  private ChangeLog log;
  private FollowedZone zone;

  @BeforeEach
  void open() throws IOException {
    home = MemberHome.open("primary-0", folder, new SecureRandom());
    resync = new Resync(home.markers(), named, () -> {}, z -> zone.resyncEnded());
    named.serial = OptionalLong.of(SERIAL);
    begin();
  }

  private void begin() throws IOException {
    log = ChangeLog.open(folder.resolve("changes"));
    zone =
        new FollowedZone(
            ZONE,
            named,
            resync,
            new Backlog(Optional.of(log), log.found()),
            pace,
            z -> {
              losses.incrementAndGet();
              return lossIsKept.get();
            });
  }

  /** The process ends and begins again; named has what it had. */
  private void restart() throws IOException {
    log.close();
    begin();
  }

  @AfterEach
  void close() throws IOException {
    zone.drop(); // so that nobody pulls any more
    threads.close();
    log.close();
    home.close();
  }

  private static Optional<ZoneSerial> serial(long value) {
    return Optional.of(new ZoneSerial(value));
  }

  @Test
  void aChangeThatFollowsOnWhatNamedHasIsConfirmedBeforeNamedHasIt() throws Exception {
    assertThat(zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG))
        .isEqualTo(serial(SERIAL + 1));

    assertThat(log.force(log.write(EPOCH, changes.step(9, 10)).orElseThrow())).isTrue();
    try (ChangeLog again = ChangeLog.open(folder.resolve("changes"))) {
      assertThat(again.found().getFirst().delta()).isEqualTo(changes.step(SERIAL, SERIAL + 1));
    }
  }

  @Test
  void theNextOneFollowsOnWhatIsInTheLog() throws Exception {
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);

    assertThat(zone.hold(changes.request(EPOCH, SERIAL + 1, SERIAL + 2), LONG))
        .isEqualTo(serial(SERIAL + 2));
  }

  @Test
  void namedPullsItThoughNobodyAsksAnyMore() throws Exception {
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);

    await().until(() -> named.notifies.get() > 0);

    assertThat(zone.goalSoa())
        .hasValueSatisfying(soa -> assertThat(soa.getSerial()).isEqualTo(SERIAL + 1));
    assertThat(zone.changesFrom(SERIAL)).isEqualTo(changes.steps(SERIAL, SERIAL + 1));
  }

  /** It followed in one term, led the next, and begins anew: named has more than the log. */
  @Test
  void whatNamedHasLongHadIsNoReasonToTransferTheZoneAnew() throws Exception {
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);
    named.serial = OptionalLong.of(ZoneSerial.firstOf(EPOCH + 1).value());
    restart();

    zone.forget(); // somebody else leads

    await().until(() -> !zone.hasGoal());
    assertThat(named.retransfers).hasValue(0);
    assertThat(resync.isUnderWay(ZONE)).isFalse();
  }

  @Test
  void whileManyOtherZonesArePulledItWaitsForAPlaceUnlessSomebodyWaitsForIt() throws Exception {
    zone.hold(changes.bare(EPOCH, SERIAL), LONG); // so that it is known what named has
    int places = 0;
    while (pace.entersSoon()) {
      places++;
    }
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);
    await().during(Duration.ofMillis(300)).until(() -> named.notifies.get() == 0);

    Future<Boolean> pulled =
        threads.submit(() -> zone.pulledAll(System.nanoTime() + LONG.toNanos()));
    await().until(() -> named.notifies.get() > 0);
    named.serial = OptionalLong.of(SERIAL + 1);
    assertThat(pulled.get()).isTrue();

    zone.hold(changes.request(EPOCH, SERIAL + 1, SERIAL + 2), LONG);
    int before = named.notifies.get();
    IntStream.range(0, places).forEach(i -> pace.leave());
    await().until(() -> named.notifies.get() > before);
  }

  @Test
  void aChangeThatDoesNotFollowIsConfirmedWhenNamedHasIt() throws Exception {
    Future<Optional<ZoneSerial>> held =
        threads.submit(() -> zone.hold(changes.request(EPOCH, SERIAL + 1, SERIAL + 2), LONG));
    await().until(() -> named.notifies.get() > 0);
    assertThat(held).isNotDone();

    named.serial = OptionalLong.of(SERIAL + 2);

    assertThat(held.get()).isEqualTo(serial(SERIAL + 2));
  }

  @Test
  void ofTwoThatOvertakeEachOtherBothAreConfirmed() throws Exception {
    Future<Optional<ZoneSerial>> second =
        threads.submit(() -> zone.hold(changes.request(EPOCH, SERIAL + 1, SERIAL + 2), LONG));
    await().until(() -> named.questions.get() > 0);

    assertThat(zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG)).isPresent();

    assertThat(second.get()).isEqualTo(serial(SERIAL + 2));
  }

  @Test
  void whatIsNotKnownIsConfirmedWhenNamedHasIt() throws Exception {
    assertThat(zone.hold(changes.bare(EPOCH, SERIAL + 1), SHORT)).isEmpty();

    named.serial = OptionalLong.of(SERIAL + 1);

    assertThat(zone.hold(changes.bare(EPOCH, SERIAL + 1), LONG)).isEqualTo(serial(SERIAL + 1));
  }

  @Test
  void nothingIsConfirmedWhileNamedDoesNotTellWhatItHas() throws Exception {
    named.serial = OptionalLong.empty();

    assertThat(zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), SHORT)).isEmpty();
  }

  @Test
  void nothingIsConfirmedWithinAFullTransfer() throws Exception {
    home.markers().setWithoutData(ZONE);

    assertThat(zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), SHORT)).isEmpty();
  }

  @Test
  void whatWasConfirmedIsStillHeldAfterARestart() throws Exception {
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);
    restart();

    assertThat(zone.hold(changes.bare(EPOCH, SERIAL + 1), LONG)).isEqualTo(serial(SERIAL + 1));
    assertThat(zone.changesFrom(SERIAL)).isEqualTo(changes.steps(SERIAL, SERIAL + 1));
  }

  @Test
  void whatIsInTheLogCountsOnlyWhenNamedHasWhatItFollowsOn() throws Exception {
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);
    named.serial = OptionalLong.empty();
    restart();

    assertThat(zone.hold(changes.bare(EPOCH, SERIAL + 1), SHORT)).isEmpty();
  }

  @Test
  void whoLeadsWaitsUntilNamedHasAllAndConfirmsNothing() throws Exception {
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);
    zone.lead();
    Future<Boolean> pulled =
        threads.submit(() -> zone.pulledAll(System.nanoTime() + LONG.toNanos()));
    assertThat(zone.hold(changes.request(EPOCH, SERIAL + 1, SERIAL + 2), SHORT)).isEmpty();
    await().until(() -> named.notifies.get() > 0);
    assertThat(pulled).isNotDone();

    named.serial = OptionalLong.of(SERIAL + 1);

    assertThat(pulled.get()).isTrue();
  }

  @Test
  void whoCannotPullAllDoesNotLead() throws Exception {
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);
    zone.lead();

    assertThat(zone.pulledAll(System.nanoTime() + SHORT.toNanos())).isFalse();
  }

  @Test
  void anotherLeaderIsHeededWhenNamedHasAllOfTheLastOne() throws Exception {
    long next = ZoneSerial.firstOf(EPOCH + 1).value();
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);
    CommitRequest raise =
        new CommitRequest(
            ZONE,
            next,
            EPOCH + 1,
            new Sender("primary-2", "x"),
            List.of(changes.step(SERIAL, next)));
    assertThat(zone.hold(raise, SHORT)).isEmpty();
    assertThat(zone.changesFrom(SERIAL)).isEqualTo(changes.steps(SERIAL, SERIAL + 1));

    named.serial = OptionalLong.of(next);

    assertThat(zone.hold(raise, LONG)).isEqualTo(serial(next));
  }

  @Test
  void itIsOnlyALossWhenNamedIsOlderThanWhatTheLogFollowsOn() throws Exception {
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 2), LONG);
    for (long has : List.of(SERIAL, SERIAL + 1)) {
      named.serial = OptionalLong.of(has);
      zone.forget();
      assertThat(zone.hold(changes.bare(EPOCH, SERIAL + 2), LONG)).isPresent();
    }
    assertThat(losses).hasValue(0);

    named.serial = OptionalLong.of(SERIAL - 1);
    zone.forget();

    await().until(() -> losses.get() > 0);
    assertThat(zone.hold(changes.bare(EPOCH, SERIAL + 2), SHORT)).isEmpty();
  }

  @Test
  void whatTheLogHasIsKeptUntilNobodyCountsOnThisMember() throws Exception {
    lossIsKept.set(false);
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);
    named.serial = OptionalLong.of(SERIAL - 1);
    zone.forget();
    await().until(() -> losses.get() > 1);
    assertThat(zone.changesFrom(SERIAL)).isNotEmpty();

    lossIsKept.set(true);

    await().until(() -> zone.changesFrom(SERIAL).isEmpty());
  }

  @Test
  void whatIsInTheLogAndSentAgainIsConfirmedAtOnce() throws Exception {
    CommitRequest request = changes.request(EPOCH, SERIAL, SERIAL + 1);
    zone.hold(request, LONG);

    assertThat(zone.hold(request, LONG)).isEqualTo(serial(SERIAL + 1));
    List<Delta> inLog = zone.changesFrom(SERIAL);

    assertThat(inLog).hasSize(1);
  }

  @Test
  void aLogThatFailsMeansToWaitForNamed() throws Exception {
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);
    log.close();
    Future<Optional<ZoneSerial>> held =
        threads.submit(() -> zone.hold(changes.request(EPOCH, SERIAL + 1, SERIAL + 2), LONG));
    await().until(() -> named.notifies.get() > 0);
    assertThat(held).isNotDone();

    named.serial = OptionalLong.of(SERIAL + 2);

    assertThat(held.get()).isEqualTo(serial(SERIAL + 2));
  }

  @Test
  void aNamedThatDoesNotPullIsWaitedForAfterAWhile() throws Exception {
    zone.hold(changes.request(EPOCH, SERIAL, SERIAL + 1), LONG);
    long[] last = {SERIAL + 1};

    await()
        .until(() -> {
          CommitRequest next = changes.request(EPOCH, last[0], last[0] + 1);
          boolean held = zone.hold(next, SHORT).isPresent();
          last[0] += held ? 1 : 0;
          return !held;
        });
  }
}
