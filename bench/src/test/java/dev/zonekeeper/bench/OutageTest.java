package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageTest {
  private static final Duration STOPPED = Duration.ofMillis(400);

  @Test
  void theTimeThatANamedIsStoppedIsSeenAndNoUpdateIsLost(@TempDir Path folder) throws Exception {
    TsigKey key = TsigKey.generate("bench-update.", new SecureRandom());
    try (BareNamed named =
        BareNamed.primary(
            folder.resolve("named"), 0, Workbench.ZONE, key, BareNamed.Tuning.DEFAULTS)) {
      Ledgers ledgers = new Ledgers();

      Outage outage =
          Outage.during(
              Target.of(named, key, Workbench.ZONE),
              Workload.freshNames(Workbench.ZONE, "w"),
              ledgers,
              () -> stopForAWhile(named.pid()));

      assertThat(outage.longestGapMillis()).isGreaterThanOrEqualTo((double) STOPPED.toMillis());
      assertThat(outage.tally().failures()).isEmpty();
      assertThat(ledgers.acknowledged()).isGreaterThan(1_000);
      assertThat(Acknowledged.missingAt(named.dns(), key, ledgers)).isEmpty();
    }
  }

  private static void stopForAWhile(long pid) throws IOException, InterruptedException {
    signal("STOP", pid);
    Thread.sleep(STOPPED);
    signal("CONT", pid);
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
