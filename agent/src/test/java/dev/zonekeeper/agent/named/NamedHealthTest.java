package dev.zonekeeper.agent.named;

import static dev.zonekeeper.agent.named.NamedFixture.LIMIT;
import static dev.zonekeeper.agent.named.NamedFixture.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.agent.named.NamedHealth.Alive;
import dev.zonekeeper.agent.named.NamedHealth.Health;
import dev.zonekeeper.agent.named.NamedHealth.Silent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class NamedHealthTest {
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
  void aRunningNamedIsAliveForItsZonesAndForOthers() throws Exception {
    NameServer server = fixture.primary(fixture.settings("primary-0"));
    try (NamedHealth health = health(server.address())) {
      for (int i = 0; i < 50; i++) {
        assertThat(health.probe(ZONE, LIMIT)).isInstanceOf(Alive.class);
      }
      assertThat(health.probe(Name.root, LIMIT)).isInstanceOf(Alive.class);
    }
  }

  @Test
  void aStoppedNamedIsSilentAndItsLateAnswersAreNotTakenForNewOnes() throws Exception {
    NameServer server = fixture.primary(fixture.settings("primary-0"));
    long pid = server.pid().orElseThrow();
    try (NamedHealth health = health(server.address())) {
      NameServerTest.signal(pid, "STOP");
      assertThat(health.probe(ZONE, Duration.ofMillis(100)))
          .isInstanceOfSatisfying(
              Silent.class, silent -> assertThat(silent.why()).contains("within 100 ms"));

      NameServerTest.signal(pid, "CONT");
      assertThat(health.probe(ZONE, LIMIT)).isInstanceOf(Alive.class);
      NameServerTest.signal(pid, "STOP");
      assertThat(health.probe(ZONE, Duration.ofMillis(100))).isInstanceOf(Silent.class);
    }
  }

  @Test
  void nobodyListeningIsKnownAtOnceAndTheProbeRecovers() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.namedPort());
    try (NamedHealth health = health(address)) {
      Health dead = health.probe(ZONE, LIMIT);
      assertThat(dead)
          .isInstanceOfSatisfying(
              Silent.class, silent -> assertThat(silent.why()).contains("nothing listens"));

      fixture.primary(settings);
      assertThat(health.probe(ZONE, LIMIT)).isInstanceOf(Alive.class);
    }
  }

  private static NamedHealth health(InetSocketAddress address) {
    return new NamedHealth(address, new Random(7));
  }
}
