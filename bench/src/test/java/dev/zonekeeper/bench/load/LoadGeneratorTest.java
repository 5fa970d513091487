package dev.zonekeeper.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.dns.TsigKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Against a real named. */
class LoadGeneratorTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final TsigKey KEY = TsigKey.generate("bench-update.", new SecureRandom());

  @TempDir static Path folder;
  private static BareNamed named;

  @BeforeAll
  static void startNamed() throws Exception {
    named = BareNamed.primary(folder.resolve("named"), 0, ZONE, KEY, BareNamed.Tuning.DEFAULTS);
  }

  @AfterAll
  static void stopNamed() {
    named.close();
  }

  @Test
  void everyUdpUpdateIsAcknowledgedAndInTheZone() throws Exception {
    LoadSettings settings =
        LoadSettings.udp(List.of(named.dns()), UpdateSigner.of(KEY)).clients(16);

    everyUpdateIsAcknowledgedAndInTheZone(settings, "udp");
  }

  @Test
  void manyClientsShareOneSocket() throws Exception {
    LoadSettings settings =
        LoadSettings.udp(List.of(named.dns()), UpdateSigner.of(KEY)).clients(16, 1);

    everyUpdateIsAcknowledgedAndInTheZone(settings, "shared");
  }

  @Test
  void everyPipelinedTcpUpdateIsAcknowledgedAndInTheZone() throws Exception {
    LoadSettings settings =
        LoadSettings.tcp(List.of(named.dns()), UpdateSigner.of(KEY)).clients(16, 2);

    everyUpdateIsAcknowledgedAndInTheZone(settings, "tcp");
  }

  private static void everyUpdateIsAcknowledgedAndInTheZone(LoadSettings settings, String prefix)
      throws Exception {
    Ledger ledger = new Ledger();
    Tally tally = new Tally();

    try (LoadGenerator load =
        new LoadGenerator(
            settings,
            Workload.freshNames(ZONE, prefix).limit(500),
            result -> {
              ledger.record(result);
              tally.record(result);
            })) {
      load.start();
      assertThat(load.await(Duration.ofMinutes(1))).isTrue();
      assertThat(load.ignoredAnswers()).isZero();
    }

    assertThat(tally.failures()).isEmpty();
    assertThat(ledger.acknowledged()).isEqualTo(500);
    ZoneContent content = ZoneContent.transfer(named.dns(), ZONE, KEY.tsig());
    assertThat(ledger.missingAt(content)).isEmpty();
    assertThat(ledger.unexplainedAt(content)).isEmpty();
  }

  @Test
  void aTransferOfTextsHasThemAllAndTheSerialAndNoOtherRecord() throws Exception {
    ZoneContent whole = ZoneContent.transfer(named.dns(), ZONE, KEY.tsig());

    ZoneContent texts = ZoneContent.transferTexts(named.dns(), ZONE, KEY.tsig());

    assertThat(texts.serial()).isEqualTo(whole.serial());
    assertThat(texts.records())
        .containsExactlyElementsOf(
            whole.records().stream()
                .filter(r -> r.getType() == Type.SOA || r.getType() == Type.TXT)
                .toList());
    assertThat(whole.records()).hasSizeGreaterThan(texts.records().size());
  }
}
