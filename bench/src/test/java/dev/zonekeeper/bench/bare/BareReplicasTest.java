package dev.zonekeeper.bench.bare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.bench.load.Ledger;
import dev.zonekeeper.bench.load.LoadGenerator;
import dev.zonekeeper.bench.load.LoadSettings;
import dev.zonekeeper.bench.load.UpdateSigner;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.bench.load.ZoneContent;
import dev.zonekeeper.dns.TsigKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class BareReplicasTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");

  @Test
  void secondariesFollowThePrimary(@TempDir Path folder) throws Exception {
    TsigKey key = TsigKey.generate("bench-update.", new SecureRandom());
    try (BareReplicas replicas =
        BareReplicas.start(folder, 0, ZONE, key, BareNamed.Tuning.QUICK_TRANSFERS, 2)) {
      Ledger ledger = new Ledger();
      LoadSettings settings =
          LoadSettings.udp(List.of(replicas.primary().dns()), UpdateSigner.of(key)).clients(8);
      try (LoadGenerator load =
          new LoadGenerator(settings, Workload.freshNames(ZONE, "w").limit(100), ledger::record)) {
        load.start();
        assertThat(load.await(Duration.ofMinutes(1))).isTrue();
      }

      for (BareNamed secondary : replicas.secondaries()) {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!secondary.serial().equals(replicas.primary().serial())) {
          assertThat(System.nanoTime()).isLessThan(deadline);
        }
        ZoneContent content = ZoneContent.transfer(secondary.dns(), ZONE, key.tsig());
        assertThat(ledger.acknowledged()).isEqualTo(100);
        assertThat(ledger.missingAt(content)).isEmpty();
      }
    }
  }
}
