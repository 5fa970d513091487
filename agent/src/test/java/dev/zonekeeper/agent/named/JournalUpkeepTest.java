package dev.zonekeeper.agent.named;

import static dev.zonekeeper.agent.named.NamedFixture.LIMIT;
import static dev.zonekeeper.agent.named.NamedFixture.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Update;

class JournalUpkeepTest {
  /** named writes a zone some time after it was told to. */
  private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofSeconds(2);

  private static final String LONG_TEXT = "x".repeat(250);

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
  void aZoneIsWrittenToItsFileWhenItsJournalHasGrownByAsMuchAsTheFile() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer server = fixture.primary(settings);
    ZoneFiles files = NamedFixture.files(settings);
    JournalUpkeep upkeep = new JournalUpkeep(server, files, () -> Set.of(ZONE), () -> false);
    addTexts(server, 'a', 10);

    upkeep.look();

    assertThat(files.savedSerial(ZONE)).as("after few changes").hasValue(1);

    addTexts(server, 'b', 1200);
    long serial = NamedFixture.serial(server, ZONE).orElseThrow();
    upkeep.look();

    assertThat(files.durablySaved(ZONE, serial, LIMIT)).as("after many changes").isTrue();

    addTexts(server, 'c', 10);
    upkeep.look();

    assertThat(files.savedSerial(ZONE)).as("after few more").hasValue(serial);
  }

  @Test
  void nothingIsWrittenWhileNamedAppliesALongTransfer() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer server = fixture.primary(settings);
    ZoneFiles files = NamedFixture.files(settings);
    AtomicBoolean busy = new AtomicBoolean(true);
    JournalUpkeep upkeep = new JournalUpkeep(server, files, () -> Set.of(ZONE), busy::get);
    addTexts(server, 'a', 1200);
    long serial = NamedFixture.serial(server, ZONE).orElseThrow();

    upkeep.look();

    await("nothing is written while it is busy")
        .during(AS_LONG_AS_IT_TAKES)
        .until(() -> files.savedSerial(ZONE).orElseThrow() == 1);

    busy.set(false);
    upkeep.look();

    assertThat(files.durablySaved(ZONE, serial, LIMIT)).as("afterwards").isTrue();
  }

  /** In messages of many records; each is one serial and one change in the journal. */
  private void addTexts(NameServer server, char first, int count) throws Exception {
    for (int done = 0; done < count; done += 100) {
      Update update = new Update(ZONE);
      for (int i = done; i < Math.min(count, done + 100); i++) {
        Name name = Name.fromString(first + "" + i, ZONE);
        update.add(new TXTRecord(name, DClass.IN, 60, LONG_TEXT));
      }
      assertThat(NamedFixture.send(server, update, fixture.userKey)).isZero();
    }
  }
}
