package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A planned change of the leader, which no client may notice but by a longer wait. */
final class SwitchoverTest {
  private static final int SOME = 100;

  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  @Test
  void under_load_to_each_member_in_turn_without_an_error_at_any_client() {
    LocalCluster cluster = EXTENSION.cluster();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      for (Status.Member target : cluster.status().primaries()) {
        if (!target.name().equals(cluster.leader())) {
          cluster.zonekeeper("switchover", "--to", target.name()).expect(0);
          assertThat(cluster.leader()).isEqualTo(target.name());
          writers.awaitMore(SOME);
        }
      }
      String last = cluster.leader();
      cluster.zonekeeper("switchover").expect(0);
      assertThat(cluster.leader()).as("leader after a switchover from %s", last).isNotEqualTo(last);
      writers.awaitMore(SOME);

      writers.stop();
      assertThat(writers.failures()).as("errors that clients saw").isEmpty();
      writers.stopAndCheck(cluster);
    }
  }
}
