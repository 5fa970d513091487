package dev.zonekeeper.bench.bare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.zonekeeper.bench.load.Ledger;
import dev.zonekeeper.bench.load.LoadGenerator;
import dev.zonekeeper.bench.load.LoadSettings;
import dev.zonekeeper.bench.load.Tally;
import dev.zonekeeper.bench.load.UpdateSigner;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.bench.load.ZoneContent;
import dev.zonekeeper.dns.TsigKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** Against the real programs, where they are installed. */
class PeerTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final TsigKey KEY = TsigKey.generate("bench-update.", new SecureRandom());

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyAcknowledgedUpdateIsInTheZone(Peer peer) throws Exception {
    assumeTrue(peer.whyNot().isEmpty(), () -> peer.whyNot().orElseThrow());
    Ledger ledger = new Ledger();

    try (ServerProcess server = peer.start(folder.resolve("peer"), 0, List.of(ZONE), KEY)) {
      Map<String, Long> failures = load(server, KEY, 100, ledger);

      assertThat(failures).isEmpty();
      assertThat(ledger.acknowledged()).isEqualTo(100);
      ZoneContent content = ZoneContent.transfer(server.dns(), ZONE, KEY.tsig());
      assertThat(ledger.missingAt(content)).isEmpty();
      assertThat(ledger.unexplainedAt(content)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUpdateWithAnotherKeyIsRefused(Peer peer) throws Exception {
    assumeTrue(peer.whyNot().isEmpty(), () -> peer.whyNot().orElseThrow());
    TsigKey other = TsigKey.generate("other.", new SecureRandom());
    Ledger ledger = new Ledger();

    try (ServerProcess server = peer.start(folder.resolve("peer"), 0, List.of(ZONE), KEY)) {
      Map<String, Long> failures = load(server, other, 1, ledger);

      assertThat(failures).hasSize(1);
      assertThat(ledger.acknowledged()).isZero();
      ZoneContent content = ZoneContent.transfer(server.dns(), ZONE, KEY.tsig());
      assertThat(ledger.unexplainedAt(content)).isEmpty();
      assertThat(content.serial()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUpdateWithoutAKeyIsRefused(Peer peer) throws Exception {
    assumeTrue(peer.whyNot().isEmpty(), () -> peer.whyNot().orElseThrow());
    Update update = new Update(ZONE);
    update.add(Name.fromString("unsigned", ZONE), Type.TXT, 60, "v");

    try (ServerProcess server = peer.start(folder.resolve("peer"), 0, List.of(ZONE), KEY)) {
      Message answer = new SimpleResolver(server.dns()).send(update);

      assertThat(answer.getRcode()).isNotEqualTo(Rcode.NOERROR);
      assertThat(server.serial()).hasValue(1);
    }
  }

  @Test
  void whatIsNotInstalledIsNamedWithItsPackages() {
    Programs nothing = new Programs(List.of(folder));

    assertThat(Peer.KNOT.whyNot(nothing))
        .contains("Knot DNS is not measured: not installed: knotd (Debian: apt-get install knot)");
    assertThat(Peer.POWERDNS.whyNot(nothing).orElseThrow())
        .startsWith("PowerDNS is not measured: not installed: pdns_server, pdnsutil, sqlite3")
        .endsWith("(Debian: apt-get install pdns-server pdns-backend-sqlite3 sqlite3)");
  }

  private static Map<String, Long> load(
      ServerProcess server, TsigKey key, int updates, Ledger ledger) throws Exception {
    LoadSettings settings =
        LoadSettings.udp(List.of(server.dns()), UpdateSigner.of(key)).clients(Math.min(8, updates));
    Tally tally = new Tally();
    try (LoadGenerator load =
        new LoadGenerator(
            settings,
            Workload.rewriting(ZONE, "w", 2).limit(updates),
            result -> {
              ledger.record(result);
              tally.record(result);
            })) {
      load.start();
      assertThat(load.await(Duration.ofMinutes(1))).isTrue();
    }
    return tally.failures();
  }
}
