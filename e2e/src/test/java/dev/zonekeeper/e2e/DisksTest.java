package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.e2e.LocalCluster.Signal;
import dev.zonekeeper.e2e.LocalCluster.What;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Disks that are thrown away, and disks that are full. */
final class DisksTest {
  private static final int SOME = 100;

  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  @Test
  void a_standbys_disk_thrown_away() {
    LocalCluster cluster = EXTENSION.cluster();
    thrownAway(cluster, cluster.status().standbys().getFirst());
  }

  @Test
  void the_leaders_disk_thrown_away() {
    LocalCluster cluster = EXTENSION.cluster();
    thrownAway(cluster, cluster.leader());
  }

  private static void thrownAway(LocalCluster cluster, String member) {
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      cluster.kill(member, What.BOTH, Signal.KILL);
      cluster.wipe(member);
      writers.awaitMore(SOME);
      assertThat(cluster.leader()).as("leader after %s lost its disk", member).isNotEqualTo(member);

      cluster.start(member);
      cluster.awaitStatus("all are in sync again", s -> s.inSync().size() == 3);
      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void a_standbys_disk_full_and_free_again() {
    LocalCluster cluster = EXTENSION.cluster();
    String member = cluster.status().standbys().getLast();
    try (SmallDisk disk = SmallDisk.under(cluster, member)) {
      filled(cluster, member, disk);
    }
  }

  @Test
  void the_leaders_disk_full_and_free_again() {
    LocalCluster cluster = EXTENSION.cluster();
    String member = cluster.status().standbys().getFirst();
    try (SmallDisk disk = SmallDisk.under(cluster, member)) {
      cluster.zonekeeper("switchover", "--to", member).expect(0);
      cluster.awaitWhole();
      filled(cluster, member, disk);
    }
  }

  private static void filled(LocalCluster cluster, String member, SmallDisk disk) {
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      disk.fill();
      cluster.awaitStatus(
          "the member with the full disk neither leads nor is waited for",
          s -> s.leader() != null && !s.leader().equals(member) && !s.inSync().contains(member));
      writers.awaitMore(SOME);

      disk.free();
      cluster.awaitStatus("all are in sync again", s -> s.inSync().size() == 3);
      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }
}
