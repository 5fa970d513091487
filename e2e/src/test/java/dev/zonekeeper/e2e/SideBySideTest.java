package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two clusters on one machine, the second a small one with two zones. */
final class SideBySideTest {
  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  @Test
  void two_clusters_do_not_touch_each_other_and_keep_their_data_over_down_and_up() {
    LocalCluster one = EXTENSION.cluster();
    long epoch = one.status().epoch();
    try (LocalCluster two =
        LocalCluster.up(
            "--primaries",
            "1",
            "--secondaries",
            "1",
            "--min-in-sync",
            "1",
            "--zone",
            "a.example",
            "--zone",
            "b.example")) {
      Status status = two.status();
      UpdateKey key = UpdateKey.read(Path.of(status.keyFile()));
      for (String zone : List.of("a.example", "b.example")) {
        Program.Outcome outcome =
            UpdateClient.NSUPDATE_UDP.send(
                status.member("primary-0").dnsAddress(),
                zone,
                key,
                List.of(new UpdateClient.Step.Add("www." + zone, 60, "A", "192.0.2.1")));
        assertThat(outcome.out()).as("%s", outcome).contains("status: NOERROR");
      }

      two.down();
      assertThat(two.status().members()).allSatisfy(m -> assertThat(m.healthy()).isFalse());
      two.upAgain();

      for (Status.Member member : two.awaitWhole().members()) {
        for (String zone : List.of("a.example", "b.example")) {
          assertThat(Answers.at(member.dnsAddress(), "www." + zone, "A"))
              .as("%s at %s", zone, member.name())
              .containsExactly("192.0.2.1");
        }
      }
    }
    Status untouched = one.status();
    assertThat(untouched.ailments()).isEmpty();
    assertThat(untouched.epoch()).isEqualTo(epoch);
  }
}
