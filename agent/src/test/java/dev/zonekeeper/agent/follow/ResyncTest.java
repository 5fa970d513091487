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

  private static void end(Resync.Transfer transfer) {
    transfer.passed();
    transfer.ended();
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
    end(resync.begin(ZONE));
    await().until(() -> named.saves.get() > 1);
    assertThat(resync.isUnderWay(ZONE)).isTrue();

    named.canSave = true;

    await().until(() -> ends.get() == 1);
    assertThat(resync.isUnderWay(ZONE)).isFalse();
  }

  @Test
  void theMarkStaysWhileAnotherTransferOfTheZoneIsUnderWay() throws IOException {
    Resync.Transfer other = resync.begin(ZONE);
    end(resync.begin(ZONE));
    await().until(() -> named.saves.get() > 1);
    assertThat(resync.isUnderWay(ZONE)).isTrue();

    end(other);

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
  void theMarkStaysUntilNamedIsDoneWithWhatWasPassedOn() throws IOException {
    Resync.Transfer transfer = resync.begin(ZONE);
    transfer.passed();
    end(resync.begin(Name.fromConstantString("other.example.")));
    await().until(() -> ends.get() == 1);

    assertThat(resync.isUnderWay(ZONE)).isTrue();

    transfer.ended();
    await().until(() -> ends.get() == 2);
    assertThat(resync.isUnderWay(ZONE)).isFalse();
  }

  @Test
  void transfersThatNamedTakesLongToTakeOverTakeNoPlacesFromOthers() throws IOException {
    for (int i = 0; i < 200; i++) {
      resync.begin(Name.fromString("z" + i + ".example.")).passed();
    }

    resync.begin(ZONE);

    assertThat(resync.isUnderWay(ZONE)).isTrue();
  }

  @Test
  void transfersThatHaveEndedTakeNoPlacesFromOthers() throws IOException {
    for (int i = 0; i < 200; i++) {
      Name zone = Name.fromString("z" + i + ".example.");
      end(resync.begin(zone));
    }

    resync.begin(ZONE);

    assertThat(resync.isUnderWay(ZONE)).isTrue();
  }
}
