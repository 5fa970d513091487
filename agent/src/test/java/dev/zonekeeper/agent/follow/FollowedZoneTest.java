package dev.zonekeeper.agent.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.agent.home.MemberHome;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Sender;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class FollowedZoneTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final long SERIAL = ZoneSerial.firstOf(3).value();

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final FakeZones named = new FakeZones();
  private MemberHome home;
  private FollowedZone zone;

  @BeforeEach
  void open() throws IOException {
    home = MemberHome.open("primary-0", folder, new SecureRandom());
    Resync resync = new Resync(home.markers(), named, () -> {}, z -> zone.resyncEnded());
    zone =
        new FollowedZone(
            ZONE, named, resync, new Backlog(Optional.empty(), List.of()), new Pace(), z -> false);
  }

  @AfterEach
  void close() throws IOException {
    threads.close();
    home.close();
  }

  @Test
  void whatNamedHasIsConfirmedWithoutAPull() throws Exception {
    named.serial = OptionalLong.of(SERIAL + 1);

    assertThat(zone.hold(request(SERIAL), LONG)).contains(new ZoneSerial(SERIAL + 1));

    assertThat(named.notifies).hasValue(0);
  }

  @Test
  void whatNamedLacksIsPulledAndThenConfirmed() throws Exception {
    named.serial = OptionalLong.of(SERIAL - 1);
    Future<Optional<ZoneSerial>> held = threads.submit(() -> zone.hold(request(SERIAL), LONG));
    await().until(() -> named.notifies.get() > 0);

    named.serial = OptionalLong.of(SERIAL);

    assertThat(held.get()).contains(new ZoneSerial(SERIAL));
  }

  @Test
  void nothingIsConfirmedAndNothingPulledWhileAFullTransferIsBeingSaved() throws Exception {
    named.serial = OptionalLong.of(SERIAL);
    home.markers().setWithoutData(ZONE);

    assertThat(zone.hold(request(SERIAL), SHORT)).isEmpty();

    assertThat(named.notifies).hasValue(0);
    assertThat(named.questions).hasValueLessThan(3);
  }

  @Test
  void itIsConfirmedAsSoonAsTheFullTransferIsSaved() throws Exception {
    named.serial = OptionalLong.of(SERIAL);
    home.markers().setWithoutData(ZONE);
    Future<Optional<ZoneSerial>> held = threads.submit(() -> zone.hold(request(SERIAL), LONG));
    await().until(() -> named.questions.get() > 0);

    home.markers().remove(ZONE);
    zone.resyncEnded();

    assertThat(held.get()).contains(new ZoneSerial(SERIAL));
  }

  @Test
  void nobodyPullsWhenNobodyAsksAnyMore() throws Exception {
    named.serial = OptionalLong.of(SERIAL - 1);
    assertThat(zone.hold(request(SERIAL), SHORT)).isEmpty();

    await().during(Duration.ofMillis(1500)).until(() -> named.notifies.get() < 3);
  }

  @Test
  void nobodyWaitsForWhatIsForgotten() throws Exception {
    named.serial = OptionalLong.of(SERIAL - 1);
    Future<Optional<ZoneSerial>> held = threads.submit(() -> zone.hold(request(SERIAL), LONG));
    await().until(() -> named.notifies.get() > 0);

    zone.forget();

    assertThat(held.get(10, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void whatNamedSaidBeforeAllWasForgottenIsNotConfirmedAfterwards() throws Exception {
    named.serial = OptionalLong.of(SERIAL);
    named.answersArrive = new CountDownLatch(1);
    Future<Optional<ZoneSerial>> held = threads.submit(() -> zone.hold(request(SERIAL), LONG));
    await().until(() -> named.questions.get() > 0);

    zone.forget();
    named.serial = OptionalLong.of(SERIAL - 1);
    named.answersArrive.countDown();

    assertThat(held.get()).isEmpty();
    await().until(() -> named.answers.get() > 0);
    assertThat(zone.hold(request(SERIAL), SHORT)).isEmpty();
  }

  @Test
  void aNewIncarnationConfirmsNothingOfWhatTheOldOneServed() throws Exception {
    named.serial = OptionalLong.of(SERIAL);
    assertThat(zone.hold(request(SERIAL), LONG)).isPresent();
    home.markers().setWithoutData(ZONE);

    named.serial = OptionalLong.empty();
    zone.forget();
    home.newIncarnation("named ended within a full transfer");

    assertThat(zone.hold(request(SERIAL), SHORT)).isEmpty();
  }

  private static CommitRequest request(long serial) {
    return new CommitRequest(ZONE, serial, 3, new Sender("primary-1", "x"), List.of());
  }
}
