package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.load.Change;
import dev.zonekeeper.bench.load.LoadGenerator;
import dev.zonekeeper.bench.load.Workload;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class TextProbeTest {
  private static final Name NAME = Name.fromConstantString("probe.example.com.");

  @Test
  void aServerThatIsSilentHasNothing() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        TextProbe probe =
            new TextProbe(
                List.of((InetSocketAddress) silent.getLocalSocketAddress()), NAME, "here")) {
      assertThatThrownBy(() -> probe.await(Duration.ofMillis(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("has not got the update");
    }
  }

  @Test
  void aRecordIsSeenOnceItIsThereAndNotBefore(@TempDir Path folder) throws Exception {
    TsigKey key = TsigKey.generate("bench-update.", new SecureRandom());
    try (BareNamed named =
            BareNamed.primary(
                folder.resolve("named"), 0, Workbench.ZONE, key, BareNamed.Tuning.DEFAULTS);
        TextProbe probe = new TextProbe(List.of(named.dns()), NAME, "here")) {
      assertThatThrownBy(() -> probe.await(Duration.ofMillis(50)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("has not got the update");

      long before = System.nanoTime();
      Change change = Change.add(Workbench.ZONE, NAME, "here");
      try (LoadGenerator load =
          new LoadGenerator(
              Target.of(named, key, Workbench.ZONE).clients(1),
              Workload.of(List.of(change)),
              result -> {})) {
        load.start();
        assertThat(probe.await(Duration.ofMinutes(1))).isGreaterThan(before);
      }
    }
  }
}
