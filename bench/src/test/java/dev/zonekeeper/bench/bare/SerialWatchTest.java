package dev.zonekeeper.bench.bare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.bench.load.LoadGenerator;
import dev.zonekeeper.bench.load.LoadSettings;
import dev.zonekeeper.bench.load.UpdateSigner;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class SerialWatchTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final TsigKey KEY = TsigKey.generate("bench-update.", new SecureRandom());
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void theTimeIsThatOfTheLastServerAndNotThatOfTheQuestion(@TempDir Path folder) throws Exception {
    try (BareNamed first = primary(folder.resolve("first"));
        BareNamed second = primary(folder.resolve("second"));
        SerialWatch watch = new SerialWatch(List.of(first, second))) {
      watch.await(OptionalLong.of(1), LONG);
      update(second);
      awaitSerial(second, 2);
      long between = System.nanoTime();
      update(first);

      long seen = watch.await(OptionalLong.of(2), LONG);

      long asked = System.nanoTime();
      assertThat(seen).isGreaterThan(between).isLessThanOrEqualTo(asked);
      assertThat(watch.await(OptionalLong.of(2), LONG)).isEqualTo(seen);
    }
  }

  @Test
  void aSerialThatIsNotReachedIsAnErrorThatNamesTheServer(@TempDir Path folder) throws Exception {
    try (BareNamed named = primary(folder.resolve("named"));
        SerialWatch watch = new SerialWatch(List.of(named))) {
      watch.await(OptionalLong.of(1), LONG);

      assertThatThrownBy(() -> watch.await(OptionalLong.of(2), Duration.ofMillis(50)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(named.dns().toString())
          .hasMessageContaining("found OptionalLong[1]");
    }
  }

  private static BareNamed primary(Path folder) throws Exception {
    return BareNamed.primary(folder, 0, ZONE, KEY, BareNamed.Tuning.DEFAULTS);
  }

  private static void update(BareNamed named) throws Exception {
    LoadSettings settings = LoadSettings.udp(List.of(named.dns()), UpdateSigner.of(KEY));
    try (LoadGenerator load =
        new LoadGenerator(settings, Workload.freshNames(ZONE, "w").limit(1), result -> {})) {
      load.start();
      assertThat(load.await(LONG)).isTrue();
    }
  }

  private static void awaitSerial(BareNamed named, long serial) throws Exception {
    try (SerialWatch watch = new SerialWatch(List.of(named))) {
      watch.await(OptionalLong.of(serial), LONG);
    }
  }
}
