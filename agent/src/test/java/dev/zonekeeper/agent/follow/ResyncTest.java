package dev.zonekeeper.agent.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.agent.home.MemberHome;
import dev.zonekeeper.agent.home.ResyncMarkers;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class ResyncTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");

  @TempDir private Path folder;
  private final FakeZones named = new FakeZones();
  private final AtomicInteger ends = new AtomicInteger();
  private volatile Optional<String> closed = Optional.empty();
  private MemberHome home;
  private ResyncMarkers markers;
  private Resync resync;

  @BeforeEach
  void open() throws IOException {
    home = MemberHome.open("primary-0", folder, new SecureRandom());
    markers = home.markers();
    resync = new Resync(markers, named, this::gate, zone -> ends.incrementAndGet());
  }

  @AfterEach
  void close() throws IOException {
    home.close();
  }

  private void gate() throws IOException {
    if (closed.isPresent()) {
      throw new IOException(closed.get());
    }
  }

  @Test
  void aZoneWithDataHasADurableMarkWhileItIsTransferred() throws IOException {
    named.hasData = true;

    resync.begin(ZONE);

    assertThat(resync.isUnderWay(ZONE)).isTrue();
    assertThat(markers.losable()).containsExactly(ZONE);
  }

  @Test
  void aZoneWithoutDataHasNothingToLose() throws IOException {
    resync.begin(ZONE);

    assertThat(resync.isUnderWay(ZONE)).isTrue();
    assertThat(markers.losable()).isEmpty();
  }

  @Test
  void theMarkGoesWhenNamedHasSavedTheZone() throws IOException {
    named.hasData = true;
    named.canSave = false;
    resync.begin(ZONE);
    resync.end(ZONE, OptionalLong.of(7));
    await().until(() -> named.saves.get() > 1);
    assertThat(resync.isUnderWay(ZONE)).isTrue();

    named.canSave = true;

    await().until(() -> ends.get() == 1);
    assertThat(resync.isUnderWay(ZONE)).isFalse();
  }

  @Test
  void theMarkStaysWhileAnotherTransferOfTheZoneIsUnderWay() throws IOException {
    resync.begin(ZONE);
    resync.begin(ZONE);
    resync.end(ZONE, OptionalLong.of(7));
    await().until(() -> named.saves.get() > 1);
    assertThat(resync.isUnderWay(ZONE)).isTrue();

    resync.end(ZONE, OptionalLong.of(8));

    await().until(() -> ends.get() == 1);
    assertThat(resync.isUnderWay(ZONE)).isFalse();
  }

  @Test
  void aTransferThatMustNotBeginLeavesNoMark() {
    named.hasData = true;
    closed = Optional.of("this member leads");

    assertThatThrownBy(() -> resync.begin(ZONE)).hasMessage("this member leads");

    assertThat(resync.isUnderWay(ZONE)).isFalse();
  }

  @Test
  void transfersThatBreakOffTakeNoPlacesFromOthers() throws IOException {
    for (int i = 0; i < 200; i++) {
      Name zone = Name.fromString("z" + i + ".example.");
      resync.begin(zone);
      resync.end(zone, OptionalLong.empty());
    }

    resync.begin(ZONE);

    assertThat(resync.isUnderWay(ZONE)).isTrue();
  }
}
