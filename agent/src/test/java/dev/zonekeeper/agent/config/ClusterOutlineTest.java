package dev.zonekeeper.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterOutlineTest {
  private static final ClusterOutline.Ports PORTS = new ClusterOutline.Ports(10053, 1053, 8053);
  private static final String GOOD =
      """
      {"version": 1, "name": "demo", "minInSync": 2, "primaries": 3, "secondaries": 2,
       "timing": {"leaseMillis": 4000},
       "zones": [{"name": "example.com", "seed": "example.com.zone", "notify": []}],
       "keys": [{"name": "demo-update", "file": "/etc/keys/demo-update.key",
                 "grants": [{"zone": "example.com", "rule": "zonesub ANY"}], "transfer": true}]}
      """;

  @TempDir Path folder;

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("cluster.json"), text);
  }

  @Test
  void membersAreNamedByCount() throws Exception {
    ClusterOutline outline = ClusterOutline.load(file(GOOD));
    InetAddress here = InetAddress.ofLiteral("10.0.0.7");

    ClusterFile cluster =
        outline.at(
            name -> name.equals("demo-primary-1") ? Optional.of(here) : Optional.empty(), PORTS);

    assertThat(cluster.primaries())
        .extracting(ClusterFile.Member::name)
        .containsExactly("demo-primary-0", "demo-primary-1", "demo-primary-2");
    assertThat(cluster.secondaries())
        .extracting(ClusterFile.Member::name)
        .containsExactly("demo-secondary-0", "demo-secondary-1");
    ClusterFile.Member known = cluster.member("demo-primary-1").orElseThrow();
    assertThat(known.dns()).isEqualTo(new InetSocketAddress(here, 10053));
    assertThat(known.peer()).isEqualTo(new InetSocketAddress(here, 1053));
    assertThat(known.http()).isEqualTo(new InetSocketAddress(here, 8053));
    ClusterFile.Member nowhere = cluster.member("demo-primary-0").orElseThrow();
    assertThat(nowhere.peer().isUnresolved()).isTrue();
    assertThat(Addresses.format(nowhere.peer())).isEqualTo("demo-primary-0:1053");
    assertThat(cluster.zones().getFirst().seed()).contains(folder.resolve("example.com.zone"));
    assertThat(outline.timing().lease()).isEqualTo(Duration.ofSeconds(4));
    assertThat(outline.timing().renew()).isEqualTo(Timing.DEFAULT.renew());
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"minInSync\": 2   | \"minInSync\": 4   | minInSync: expected 1 to 3",
        "\"primaries\": 3   | \"primaries\": 0   | primaries: expected a whole number from 1",
        "\"secondaries\": 2 | \"members\": []    | secondaries: is missing",
        "\"zone\": \"example.com\" | \"zone\": \"example.org\" | is granted zone example.org",
        "\"leaseMillis\": 4000 | \"leaseMillis\": 10 | renewMillis: expected less than",
      })
  void whatIsWrongIsRefusedByItsField(String good, String bad, String message) throws Exception {
    Path file = file(GOOD.replace(good, bad));

    assertThatThrownBy(() -> ClusterOutline.load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }
}
