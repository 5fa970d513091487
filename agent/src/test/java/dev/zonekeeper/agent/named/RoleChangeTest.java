package dev.zonekeeper.agent.named;

import static dev.zonekeeper.agent.named.NamedFixture.LIMIT;
import static dev.zonekeeper.agent.named.NamedFixture.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.dns.TsigKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Update;

/** Promotion, demotion, and what the configuration allows. */
class RoleChangeTest {
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
  void aPromotedSecondaryTakesAnUpdateAsSoonAsItsZonesAreReadyAndKeepsItsData() throws Exception {
    NamedSettings leading = fixture.settings("primary-0");
    NameServer leader = fixture.primary(leading);
    NameServer standby = fixture.secondary(fixture.settings("primary-1", leading.namedPort()));
    awaitSerial(standby, 1);
    NamedFixture.addHost(leader, "www", fixture.userKey);
    standby.rndc().refresh(ZONE);
    awaitSerial(standby, 2);
    leader.kill();

    apply(standby, ZoneRole.PRIMARY);

    assertThat(standby.zonesReady(ZoneRole.PRIMARY, List.of(ZONE), LIMIT)).isEmpty();
    assertThat(NamedFixture.addHost(standby, "mail", fixture.userKey)).isEqualTo(Rcode.NOERROR);
    assertThat(NamedFixture.serial(standby, ZONE)).hasValue(3);
  }

  @Test
  void aDemotedPrimaryTakesNoUpdatesAndFollowsTheNewLeaderByIncrementalTransfer() throws Exception {
    NamedSettings first = fixture.settings("primary-0");
    NameServer old = fixture.primary(first);
    int port = first.upstreamPort();
    NameServer next = fixture.secondary(fixture.settings("primary-1", port, first.namedPort()));
    awaitSerial(next, 1);

    apply(old, ZoneRole.SECONDARY);
    apply(next, ZoneRole.PRIMARY);

    assertThat(old.zonesReady(ZoneRole.SECONDARY, List.of(ZONE), LIMIT)).isEmpty();
    assertThat(old.zonesReady(ZoneRole.PRIMARY, List.of(ZONE), Duration.ofMillis(50)))
        .containsExactly(ZONE);
    assertThat(NamedFixture.addHost(old, "www", fixture.userKey)).isEqualTo(Rcode.REFUSED);
    assertThat(next.zonesReady(ZoneRole.PRIMARY, List.of(ZONE), LIMIT)).isEmpty();
    NamedFixture.addHost(next, "www", fixture.userKey);
    old.rndc().refresh(ZONE);
    awaitSerial(old, 2);
    assertThat(NamedFixture.files(first).journal(ZONE)).exists();
  }

  @Test
  void theClusterKeyMayRaiseTheSerialByAnUpdate() throws Exception {
    NameServer leader = fixture.primary(fixture.settings("primary-0"));
    Update raise = new Update(ZONE);
    Name ns = Name.fromString("ns", ZONE);
    raise.add(new SOARecord(ZONE, DClass.IN, 60, ns, ns, 5 << 16, 3600, 60, 604800, 60));

    assertThat(NamedFixture.send(leader, raise, fixture.clusterKey)).isEqualTo(Rcode.NOERROR);
    assertThat(NamedFixture.serial(leader, ZONE)).hasValue(5 << 16);
  }

  @Test
  void aKeyMayChangeWhatItsGrantSaysAndNothingElse() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer leader = fixture.primary(settings);
    TsigKey other = TsigKey.generate("other", new SecureRandom());
    ZoneSpec spec =
        new ZoneSpec(ZONE, List.of(new Grant(other.name(), "name www.example.com. A")), List.of());

    leader.apply(ZoneRole.PRIMARY, new Serving(List.of(spec), List.of(fixture.userKey, other)));

    assertThat(leader.zonesReady(ZoneRole.PRIMARY, List.of(ZONE), LIMIT)).isEmpty();
    assertThat(NamedFixture.addHost(leader, "www", other)).isEqualTo(Rcode.NOERROR);
    assertThat(NamedFixture.addHost(leader, "mail", other)).isEqualTo(Rcode.REFUSED);
    assertThat(NamedFixture.addHost(leader, "www", fixture.userKey)).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void aPreparedConfigurationIsNotCheckedAgain() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer server = fixture.secondary(settings);
    server.prepare(
        ZoneRole.PRIMARY, new Serving(List.of(fixture.spec(ZONE)), List.of(fixture.userKey)));
    Path prepared = settings.workDir().resolve("named.conf.primary");
    Object written = Files.getAttribute(prepared, "unix:ino");

    apply(server, ZoneRole.PRIMARY);

    assertThat(Files.getAttribute(prepared, "unix:ino")).isEqualTo(written);
    assertThat(settings.namedConf()).content().contains("type primary");
  }

  @Test
  void aRefusedConfigurationChangesNothing() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer leader = fixture.primary(settings);
    String before = Files.readString(settings.namedConf());
    ZoneSpec bad =
        new ZoneSpec(ZONE, List.of(new Grant(fixture.userKey.name(), "zonesub NOTYPE")), List.of());

    assertThatThrownBy(() ->
            leader.apply(ZoneRole.PRIMARY, new Serving(List.of(bad), List.of(fixture.userKey))))
        .isInstanceOf(BadConfiguration.class)
        .hasMessageContaining("NOTYPE");

    assertThat(settings.namedConf()).content().isEqualTo(before);
    assertThat(NamedFixture.addHost(leader, "www", fixture.userKey)).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void whatNamedItselfRefusesIsTakenBack() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer leader = fixture.primary(settings);
    String before = Files.readString(settings.namedConf());
    leader.prepare(
        ZoneRole.SECONDARY, new Serving(List.of(fixture.spec(ZONE)), List.of(fixture.userKey)));
    Files.delete(settings.rndcKeyFile());

    assertThatThrownBy(() -> apply(leader, ZoneRole.SECONDARY))
        .isInstanceOf(BadConfiguration.class)
        .hasMessageContaining("file not found");

    assertThat(settings.namedConf()).content().isEqualTo(before);
    assertThat(NamedFixture.addHost(leader, "www", fixture.userKey)).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void aZoneThatIsAddedOrRemovedNeedsNoRestart() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer leader = fixture.primary(settings);
    long pid = leader.pid().orElseThrow();
    Name second = Name.fromString("second.example.");
    fixture.seed(settings, second, 7);

    leader.apply(
        ZoneRole.PRIMARY,
        new Serving(List.of(fixture.spec(ZONE), fixture.spec(second)), List.of(fixture.userKey)));
    assertThat(leader.zonesReady(ZoneRole.PRIMARY, List.of(ZONE, second), LIMIT)).isEmpty();
    assertThat(NamedFixture.serial(leader, second)).hasValue(7);

    leader.apply(
        ZoneRole.PRIMARY, new Serving(List.of(fixture.spec(second)), List.of(fixture.userKey)));
    assertThat(NamedFixture.serial(leader, ZONE)).isEmpty();
    assertThat(leader.pid()).hasValue(pid);
    assertThat(NamedFixture.files(settings).file(ZONE)).exists();
  }

  @Test
  void keysThatNoConfigurationUsesAreDeletedAndSecretsAreForTheOwnerAlone() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer leader = fixture.primary(settings);

    leader.apply(ZoneRole.PRIMARY, new Serving(List.of(), List.of()));

    try (var files = Files.list(settings.workDir())) {
      List<Path> secrets =
          files.filter(file -> file.getFileName().toString().matches("keys-.*|rndc\\..*")).toList();
      assertThat(secrets).hasSize(3);
      for (Path file : secrets) {
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
      }
    }
  }

  @Test
  void theEndOfATransferIsHeardWhenTheNewSerialIsServed() throws Exception {
    NamedSettings leading = fixture.settings("primary-0");
    NameServer leader = fixture.primary(leading);
    NamedSettings following = fixture.settings("primary-1", leading.namedPort());
    NameServer standby = fixture.server(following);
    Queue<NamedLog.TransferEnd> ends = new ConcurrentLinkedQueue<>();
    standby.log().onTransferEnd(ends::add);
    apply(standby, ZoneRole.SECONDARY);
    standby.start();
    awaitSerial(standby, 1);
    NamedFixture.addHost(leader, "www", fixture.userKey);
    standby.rndc().refresh(ZONE);

    await()
        .atMost(LIMIT)
        .until(() -> ends.stream().anyMatch(end -> end.serial().equals(OptionalLong.of(2))));

    assertThat(NamedFixture.serial(standby, ZONE)).hasValue(2);
    assertThat(ends).allMatch(end -> end.zone().equals(ZONE));
  }

  @Test
  void aTransferThatFailsIsHeardWithItsReason() throws Exception {
    NamedSettings leading = fixture.settings("primary-0");
    NameServer leader = fixture.server(leading);
    leader.apply(ZoneRole.PRIMARY, new Serving(List.of(), List.of()));
    leader.start();
    NameServer standby = fixture.server(fixture.settings("primary-1", leading.namedPort()));
    Queue<NamedLog.TransferEnd> ends = new ConcurrentLinkedQueue<>();
    standby.log().onTransferEnd(ends::add);
    apply(standby, ZoneRole.SECONDARY);
    standby.start();

    await().atMost(LIMIT).until(() -> !ends.isEmpty());

    assertThat(ends.element().outcome()).isEqualTo(NamedLog.Outcome.FAILED);
    assertThat(ends.element().text()).contains("NOTAUTH");
  }

  private void apply(NameServer server, ZoneRole role) throws Exception {
    server.apply(role, new Serving(List.of(fixture.spec(ZONE)), List.of(fixture.userKey)));
  }

  private static void awaitSerial(NameServer server, long serial) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(NamedFixture.serial(server, ZONE)).hasValue(serial));
  }
}
