package dev.zonekeeper.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentFileTest {
  private static final String GOOD =
      """
      {"version":1,"member":"primary-0","cluster":"../../cluster.json",
       "clusterKey":"../../keys/cluster.key","lease":"../../lease/lease.json",
       "data":"data","run":"run","dns":"127.0.0.1:5301","peer":"127.0.0.1:5302","http":"127.0.0.1:5303",
       "namedPort":5304,"upstreamPort":5305,"notifyPort":5306,"rndcPort":5307,
       "timing":{"leaseMillis":4000}}
      """;

  @TempDir Path root;
  private Path file;

  @BeforeEach
  void aMemberFolder() throws Exception {
    file = Files.createDirectories(root.resolve("members/primary-0")).resolve("agent.json");
  }

  @Test
  void pathsAreRelativeToTheFileAndTimingHasDefaults() throws Exception {
    Files.writeString(file, GOOD);

    AgentFile agent = AgentFile.load(file);

    assertThat(agent.cluster()).isEqualTo(root.resolve("cluster.json"));
    assertThat(agent.settings().clusterKey()).isEqualTo(root.resolve("keys/cluster.key"));
    assertThat(agent.settings().data()).isEqualTo(root.resolve("members/primary-0/data"));
    assertThat(agent.settings().timing().lease()).isEqualTo(Duration.ofSeconds(4));
    assertThat(agent.settings().timing().syncTimeout()).isEqualTo(Timing.DEFAULT.syncTimeout());
  }

  @Test
  void whatIsWrittenIsReadBackAndIsRelative() throws Exception {
    Files.writeString(file, GOOD);
    AgentFile before = AgentFile.load(file);

    before.write(file);

    assertThat(AgentFile.load(file)).isEqualTo(before);
    assertThat(Files.readString(file)).contains("\"../../cluster.json\"").doesNotContain(root + "");
  }

  @Test
  void aLeaseThatCannotBeRenewedInTimeIsAnError() throws Exception {
    Files.writeString(file, GOOD.replace("\"leaseMillis\":4000", "\"leaseMillis\":500"));
    assertThatThrownBy(() -> AgentFile.load(file))
        .hasMessage(
            file
                + ": timing: renewMillis: expected less than leaseMillis, which is 500, found"
                + " 1000");
  }

  @Test
  void aPortOutOfRangeIsAnError() throws Exception {
    Files.writeString(file, GOOD.replace("5307", "0"));
    assertThatThrownBy(() -> AgentFile.load(file))
        .hasMessage(file + ": rndcPort: expected a whole number from 1 to 65535, found 0");
  }
}
