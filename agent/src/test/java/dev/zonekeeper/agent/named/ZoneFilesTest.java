package dev.zonekeeper.agent.named;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class ZoneFilesTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");

  @TempDir Path folder;
  private ZoneFiles files;
  private NamedFixture fixture;

  @BeforeEach
  void open() {
    files =
        new ZoneFiles(
            folder, Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC));
    fixture = new NamedFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aNameIsItsOwnFileNameAsFarAsItIsHarmless() {
    assertThat(relative("example.com.")).isEqualTo("dyn/example.com.zone");
    assertThat(relative("EXAMPLE.com.")).isEqualTo("dyn/example.com.zone");
    assertThat(relative(".")).isEqualTo("dyn/=root.zone");
    assertThat(relative("0/25.2.0.192.in-addr.arpa."))
        .isEqualTo("dyn/0=2F25.2.0.192.in-addr.arpa.zone");
    assertThat(relative("\\046\\046.x.")).isEqualTo("dyn/=2E=2E.x.zone");
    assertThat(relative("a\\000\\255=.x.")).isEqualTo("dyn/a=00=FF=3D.x.zone");
  }

  @Test
  void differentNamesHaveDifferentFiles() {
    List<String> names =
        List.of(
            "a.b.", "a\\.b.", "=root.", ".", "a=2Eb.", "a.b.zone.", "a.b.zone.jnl.", "a.b.jnl.");

    assertThat(names.stream().map(ZoneFilesTest::relative)).doesNotHaveDuplicates();
  }

  @Test
  void theLongestNamesHaveFileNamesThatAFileSystemTakes() throws Exception {
    String label = "\\001".repeat(60);
    String first = relative(label + "." + label + "." + label + ".a.");
    String second = relative(label + "." + label + "." + label + ".b.");

    assertThat(first).isNotEqualTo(second).hasSizeLessThan(220);
    Files.createDirectories(folder.resolve("dyn"));
    assertThat(Files.createFile(folder.resolve(first + ".jnl"))).exists();
  }

  @Test
  void aZoneIsSeededOnceOnly() throws Exception {
    Path seed = Files.writeString(folder.resolve("seed"), "first");

    assertThat(files.seed(ZONE, seed)).isTrue();
    Files.writeString(seed, "second");
    assertThat(files.seed(ZONE, seed)).isFalse();

    assertThat(files.file(ZONE)).hasContent("first");
    assertThat(files.file(ZONE).getParent()).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void aJournalWithoutItsFileIsMovedAwayBeforeTheSeed() throws Exception {
    Files.createDirectories(folder.resolve("dyn"));
    Files.writeString(files.journal(ZONE), "stale");

    files.seed(ZONE, Files.writeString(folder.resolve("seed"), "first"));

    assertThat(files.journal(ZONE)).doesNotExist();
    assertThat(folder.resolve("quarantine")).isDirectoryRecursivelyContaining("glob:**.jnl");
  }

  @Test
  void quarantineMovesFileAndJournalAndSaysWhy() throws Exception {
    files.seed(ZONE, Files.writeString(folder.resolve("seed"), "data"));
    Files.writeString(files.journal(ZONE), "journal");

    Path kept = files.quarantine(ZONE, "the journal cannot be read");

    assertThat(kept).isEqualTo(folder.resolve("quarantine/20260102T030405.678Z-example.com.zone"));
    assertThat(kept.resolve("example.com.zone")).hasContent("data");
    assertThat(kept.resolve("example.com.zone.jnl")).hasContent("journal");
    assertThat(kept.resolve("reason.txt")).content().contains("the journal cannot be read");
    assertThat(files.file(ZONE)).doesNotExist();
    assertThat(files.journal(ZONE)).doesNotExist();
  }

  @Test
  void quarantineTwiceInAMomentKeepsBoth() throws Exception {
    Path seed = Files.writeString(folder.resolve("seed"), "data");
    files.seed(ZONE, seed);
    Path first = files.quarantine(ZONE, "one");
    files.seed(ZONE, seed);
    Path second = files.quarantine(ZONE, "two");

    assertThat(first).isNotEqualTo(second);
    assertThat(first.resolve("example.com.zone")).exists();
    assertThat(second.resolve("example.com.zone")).exists();
  }

  @Test
  void theSavedSerialIsReadFromTheHeadOfAFileAsBindWritesIt() throws Exception {
    assertThat(
            saved(
                """
                $ORIGIN .
                $TTL 60\t; 1 minute
                example.com\t\tIN SOA\tns.example.com. hostmaster\\(x.example.com. (
                \t\t\t\t4294967295 ; serial
                \t\t\t\t3600       ; refresh (1 hour)
                \t\t\t\t60         ; retry (1 minute)
                \t\t\t\t604800     ; expire (1 week)
                \t\t\t\t60         ; minimum (1 minute)
                \t\t\t\t)
                \t\t\tNS\tns.example.com.
                """))
        .hasValue(4294967295L);
  }

  @Test
  void theSavedSerialIsReadFromFilesOfPeopleToo() throws Exception {
    assertThat(saved("; the SOA: mine\n@ 1D in soa a. b. 7 1 1 1 1\n")).hasValue(7);
    assertThat(saved("@ IN SOA a. b. (7\n1 1 1 1)")).hasValue(7);
  }

  @Test
  void theSavedSerialIsReadOfAZoneThatIsCalledSoa() throws Exception {
    assertThat(saved("$ORIGIN .\nsoa IN SOA ns.soa. h.soa. (\n7 ; serial\n1 1 1 1 )\n"))
        .hasValue(7);
  }

  @Test
  void aFileThatIsCutOrEmptyOrNotThereHasNoSerial() throws Exception {
    assertThat(files.savedSerial(ZONE)).isEmpty();
    assertThat(saved("")).isEmpty();
    assertThat(saved("$ORIGIN .\nexample.com IN SOA a. b. (")).isEmpty();
    assertThat(saved("@ IN SOA a. b. x 1 1 1 1")).isEmpty();
    assertThat(saved("@ IN SOA a. b. 4294967296 1 1 1 1")).isEmpty();
  }

  @Test
  void aZoneIsDurablySavedOnceItsFileHasTheSerial() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer server = fixture.primary(settings);
    ZoneFiles real = NamedFixture.files(settings);
    NamedFixture.addHost(server, "www", fixture.userKey);
    assertThat(real.savedSerial(ZONE)).hasValue(1);
    assertThat(real.journalSize(ZONE)).isPositive();
    assertThat(real.durablySaved(ZONE, 2, Duration.ofMillis(20))).isFalse();

    server.rndc().sync(ZONE);

    assertThat(real.durablySaved(ZONE, 2, NamedFixture.LIMIT)).isTrue();
    assertThat(real.file(ZONE)).content().contains("192.0.2.1");
  }

  @Test
  void serialsAreComparedAsRfc1982Says() throws Exception {
    saved("@ IN SOA a. b. 5 1 1 1 1");

    assertThat(files.durablySaved(ZONE, 4294967290L, Duration.ZERO)).isTrue();
    assertThat(files.durablySaved(ZONE, 6, Duration.ZERO)).isFalse();
  }

  private OptionalLong saved(String text) throws Exception {
    Files.createDirectories(folder.resolve("dyn"));
    Files.writeString(files.file(ZONE), text, StandardCharsets.ISO_8859_1);
    return files.savedSerial(ZONE);
  }

  private static String relative(String zone) {
    return ZoneFiles.relative(Name.fromConstantString(zone));
  }
}
