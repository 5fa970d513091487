package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.cluster.ZonekeeperCommand;
import dev.zonekeeper.bench.load.Change;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.Outcome;
import dev.zonekeeper.bench.load.Result;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

/** Two servers with two zones each, of which the second one never gets an update. */
class AcknowledgedTest {
  private static final List<Name> ZONES = Workbench.zoneNames(2);
  private static final TsigKey KEY = TsigKey.generate("bench-update.", new SecureRandom());

  @TempDir static Path folder;
  private static BareNamed written;
  private static BareNamed empty;
  private static final Ledgers LEDGERS = new Ledgers();

  @BeforeAll
  static void write() throws Exception {
    written = BareNamed.primary(folder.resolve("written"), 0, ZONES, KEY);
    empty = BareNamed.primary(folder.resolve("empty"), 0, ZONES, KEY);
    for (Name zone : ZONES) {
      Target target = Target.of(written, KEY, zone);
      LoadRun.whole(
          Duration.ofMinutes(1),
          target,
          target.clients(1),
          Workload.freshNames(zone, "w").limit(3),
          LEDGERS::record);
    }
    assertThat(LEDGERS.acknowledged()).isEqualTo(6);
  }

  @AfterAll
  static void stop() {
    written.close();
    empty.close();
  }

  private static Ledgers withOneThatNobodyHas(Name zone) throws Exception {
    Ledgers ledgers = new Ledgers();
    ledgers.record(
        new Result(
            Change.add(zone, Name.fromString("gone", zone), "v"),
            new Outcome.Acknowledged(),
            written.dns(),
            0,
            1,
            1));
    return ledgers;
  }

  @Test
  void eachZoneThatWasWrittenToIsLookedAt() throws Exception {
    assertThat(Acknowledged.missingAt(written.dns(), KEY, LEDGERS)).isEmpty();
    assertThat(Acknowledged.missingAt(empty.dns(), KEY, LEDGERS)).hasSize(6);
    for (Name zone : ZONES) {
      assertThat(Acknowledged.missingAt(written.dns(), KEY, withOneThatNobodyHas(zone)))
          .containsExactly(Name.fromString("gone", zone));
    }
  }

  @Test
  void whatIsMissingIsLookedForAgain() throws Exception {
    Iterator<Set<Name>> looks = List.of(Set.copyOf(ZONES), Set.<Name>of()).iterator();
    assertThat(Acknowledged.inTheEnd(looks::next)).isEmpty();
    assertThat(looks.hasNext()).isFalse();
  }

  @Test
  void oneLookIsEnoughWhenNothingIsMissing() throws Exception {
    Iterator<Set<Name>> looks = List.of(Set.<Name>of()).iterator();
    assertThat(Acknowledged.inTheEnd(looks::next)).isEmpty();
  }

  @Test
  void ofAServerThatIsNotOursItIsSaidHowManyItHasLost() throws Exception {
    assertThat(Acknowledged.lookAt("BIND", Target.of(written, KEY, ZONES.getFirst()), LEDGERS))
        .isEqualTo("all of 6 acknowledged updates found at BIND");
    assertThat(Acknowledged.lookAt("BIND", Target.of(empty, KEY, ZONES.getFirst()), LEDGERS))
        .isEqualTo("BIND has lost 6 of 6 acknowledged updates");
  }

  @Test
  void aMemberThatLacksAnUpdateMakesTheRunVoid() throws Exception {
    try (LocalCluster cluster = clusterOf(written, written)) {
      assertThat(Acknowledged.check(cluster, LEDGERS))
          .isEqualTo("all 6 acknowledged updates found at each of 2 members");
    }
    try (LocalCluster cluster = clusterOf(written, empty)) {
      assertThatThrownBy(() -> Acknowledged.check(cluster, LEDGERS))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("primary-1 has lost 6 of 6 acknowledged updates")
          .hasMessageContaining("w-0.example.com");
    }
  }

  /** A command that always says that this is the cluster. */
  private static LocalCluster clusterOf(BareNamed leader, BareNamed standby) throws Exception {
    Path home = Files.createTempDirectory(folder, "cluster");
    Path keyFile = home.resolve("client.key");
    Files.writeString(keyFile, KEY.statement());
    String member =
        """
        {"name": "primary-%d", "kind": "primary", "role": "%s", "healthy": true, "why": "",
         "agentPid": 1, "namedPid": 2, "dns": "127.0.0.1:%d", "http": "127.0.0.1:1", "serials": {}}\
        """;
    Files.writeString(
        home.resolve("status.json"),
        """
        {"epoch": 1, "leader": "primary-0", "inSync": ["primary-0", "primary-1"],
         "keyFile": "%s", "members": [%s, %s]}
        """
            .formatted(
                keyFile,
                member.formatted(0, "leader", leader.dns().getPort()),
                member.formatted(1, "standby", standby.dns().getPort())));
    Path command = home.resolve("zonekeeper");
    Files.writeString(command, "#!/bin/sh\nexec cat '%s'\n".formatted(home.resolve("status.json")));
    assertThat(command.toFile().setExecutable(true)).isTrue();
    return LocalCluster.up(
        new ZonekeeperCommand(command), home.resolve("dir"), 1024, 2, 0, List.of("example.com"));
  }
}
