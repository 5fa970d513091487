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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class BareReplicasTest {
  private static final TsigKey KEY = TsigKey.generate("bench-update.", new SecureRandom());
  private static final Name ZONE = Name.fromConstantString("example.com.");

  @Test
  void secondariesFollowThePrimary(@TempDir Path folder) throws Exception {
    try (BareReplicas replicas = quick(folder)) {
      Ledger ledger = new Ledger();
      load(replicas.primary(), "w", 100, ledger);

      try (SerialWatch watch = new SerialWatch(replicas.secondaries())) {
        watch.await(replicas.primary().serial(), Duration.ofMinutes(1));
      }
      for (BareNamed secondary : replicas.secondaries()) {
        ZoneContent content = ZoneContent.transfer(secondary.dns(), ZONE, KEY.tsig());
        assertThat(ledger.acknowledged()).isEqualTo(100);
        assertThat(ledger.missingAt(content)).isEmpty();
      }
    }
  }

  @Test
  void whatTheSecondariesDoNotHaveIsGoneWithThePrimary(@TempDir Path folder) throws Exception {
    try (BareReplicas replicas = quick(folder)) {
      Ledger ledger = new Ledger();
      for (BareNamed secondary : replicas.secondaries()) {
        signal("STOP", secondary);
      }
      load(replicas.primary(), "w", 100, ledger);

      replicas.losePrimary();

      assertThat(replicas.primary().folder()).doesNotExist();
      for (BareNamed secondary : replicas.secondaries()) {
        signal("CONT", secondary);
      }
      BareNamed promoted = replicas.promote();
      load(promoted, "after", 1, ledger);
      ZoneContent content = ZoneContent.transfer(promoted.dns(), ZONE, KEY.tsig());
      assertThat(ledger.acknowledged()).isEqualTo(101);
      assertThat(ledger.missingAt(content)).hasSize(100);
    }
  }

  @Test
  void theSecondaryThatHasMoreIsPromotedAndTakesUpdates(@TempDir Path folder) throws Exception {
    try (BareReplicas replicas = quick(folder)) {
      Ledger ledger = new Ledger();
      BareNamed behind = replicas.secondaries().getFirst();
      BareNamed following = replicas.secondaries().getLast();
      signal("STOP", behind);
      load(replicas.primary(), "w", 100, ledger);
      try (SerialWatch watch = new SerialWatch(List.of(following))) {
        watch.await(replicas.primary().serial(), Duration.ofMinutes(1));
      }

      replicas.losePrimary();

      signal("CONT", behind);
      assertThat(replicas.promote()).isSameAs(following);
      load(following, "after", 1, ledger);
      assertThat(ledger.acknowledged()).isEqualTo(101);
      ZoneContent content = ZoneContent.transfer(following.dns(), ZONE, KEY.tsig());
      assertThat(ledger.missingAt(content)).isEmpty();
    }
  }

  private static BareReplicas quick(Path folder) throws Exception {
    return BareReplicas.start(folder, 0, ZONE, KEY, BareNamed.Tuning.QUICK_TRANSFERS, 2);
  }

  /** Until so many are acknowledged; those before that, refused or not, are repeated. */
  private static void load(BareNamed named, String prefix, int updates, Ledger ledger)
      throws Exception {
    LoadSettings settings = LoadSettings.udp(List.of(named.dns()), UpdateSigner.of(KEY));
    CountDownLatch acknowledged = new CountDownLatch(updates);
    AtomicInteger number = new AtomicInteger();
    Workload workload =
        client ->
            acknowledged.getCount() == 0
                ? Optional.empty()
                : Workload.freshNames(ZONE, prefix + number.getAndIncrement()).next(client);
    try (LoadGenerator load =
        new LoadGenerator(
            settings,
            workload,
            result -> {
              ledger.record(result);
              if (result.outcome().acknowledged()) {
                acknowledged.countDown();
              }
            })) {
      load.start();
      assertThat(load.await(Duration.ofMinutes(1))).isTrue();
    }
  }

  private static void signal(String name, BareNamed named) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(named.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
