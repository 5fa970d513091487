package dev.zonekeeper.e2e;

import static dev.zonekeeper.e2e.LocalCluster.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.e2e.LocalCluster.Signal;
import dev.zonekeeper.e2e.LocalCluster.What;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members that are away, some or all of them, and a lease that is. */
final class OutagesTest {
  private static final int SOME = 100;
  private static final Duration LEASE = Duration.ofSeconds(5);

  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  @Test
  void one_standby_down_and_back() {
    LocalCluster cluster = EXTENSION.cluster();
    Status before = cluster.status();
    String standby = before.standbys().getFirst();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      cluster.kill(standby, What.BOTH, Signal.KILL);
      cluster.awaitStatus("the dead standby is not waited for", s -> !s.inSync().contains(standby));
      writers.awaitMore(SOME);

      cluster.start(standby);
      cluster.awaitStatus("all are in sync again", s -> s.inSync().size() == 3);
      writers.awaitMore(SOME);
      assertThat(cluster.leader()).isEqualTo(before.leader());
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void two_down_stop_writes_and_not_reads_and_one_back_brings_writes_back() {
    LocalCluster cluster = EXTENSION.cluster();
    Status before = cluster.status();
    UpdateKey key = UpdateKey.read(Path.of(before.keyFile()));
    Status.Member leader = before.member(before.leader());
    List<String> standbys = before.standbys();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      standbys.forEach(standby -> cluster.kill(standby, What.BOTH, Signal.KILL));

      byte[] message = Updates.add(key, "alone." + ZONE, "192.0.2.1");
      assertThat(Updates.sendOverTcp(leader.dnsAddress(), message))
          .as("UPDATE to %s, which is alone", leader.name())
          .isEqualTo("SERVFAIL");
      assertThat(Answers.at(leader.dnsAddress(), ZONE, "NS")).as("query to it").isNotEmpty();
      for (Status.Member secondary : before.secondaries()) {
        assertThat(Answers.at(secondary.dnsAddress(), ZONE, "NS"))
            .as("query to %s", secondary.name())
            .isNotEmpty();
      }

      cluster.start(standbys.getFirst());
      writers.awaitMore(SOME);

      cluster.start(standbys.getLast());
      cluster.awaitStatus("all are in sync again", s -> s.inSync().size() == 3);
      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void all_killed_and_up_again() {
    LocalCluster cluster = EXTENSION.cluster();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      killAll(cluster);
      cluster.upAgain();

      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void all_primaries_killed_leave_the_secondaries_answering() {
    LocalCluster cluster = EXTENSION.cluster();
    Status before = cluster.status();
    for (Status.Member primary : before.primaries()) {
      cluster.kill(primary.name(), What.BOTH, Signal.KILL);
    }

    Status dead = cluster.status();
    for (Status.Member secondary : before.secondaries()) {
      assertThat(Answers.at(secondary.dnsAddress(), ZONE, "NS"))
          .as("query to %s", secondary.name())
          .isNotEmpty();
    }
    assertThat(dead.leader()).isNull();
    assertThat(dead.primaries()).allSatisfy(m -> assertThat(m.healthy()).isFalse());

    cluster.upAgain();
    cluster.awaitWhole();
  }

  @Test
  void a_secondary_gets_queries_again_when_it_has_caught_up() {
    LocalCluster cluster = EXTENSION.cluster();
    Status before = cluster.status();
    Status.Member secondary = before.secondaries().getFirst();
    UpdateKey key = UpdateKey.read(Path.of(before.keyFile()));
    cluster.kill(secondary.name(), What.BOTH, Signal.KILL);
    byte[] missed = Updates.add(key, "missed." + ZONE, "192.0.2.1");
    assertThat(Updates.sendOverTcp(before.primaries().getFirst().dnsAddress(), missed))
        .isEqualTo("NOERROR");
    before.primaries().forEach(m -> cluster.kill(m.name(), What.BOTH, Signal.KILL));

    cluster.start(secondary.name());

    assertThat(Probe.of(secondary, "/readyz"))
        .isEqualTo(new Probe(503, "it has not caught up with a leader since it began"));
    assertThat(Answers.at(secondary.dnsAddress(), "missed." + ZONE, "A")).isEmpty();

    cluster.upAgain();
    await().atMost(Wire.PATIENCE).until(() -> Probe.of(secondary, "/readyz").isOk());
    assertThat(Answers.at(secondary.dnsAddress(), "missed." + ZONE, "A"))
        .containsExactly("192.0.2.1");
    cluster.awaitWhole();
  }

  @Test
  void taken_down_in_order_and_up_again() {
    LocalCluster cluster = EXTENSION.cluster();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      cluster.down();
      cluster.upAgain();

      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void the_lease_deleted_under_way() throws IOException {
    LocalCluster cluster = EXTENSION.cluster();
    long epoch = cluster.status().epoch();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      Files.delete(cluster.leaseFile());

      cluster.awaitStatus(
          "there is a lease again, of a later epoch",
          s -> Files.exists(cluster.leaseFile()) && s.leader() != null && s.epoch() > epoch);
      writers.awaitMore(SOME);
      cluster.awaitStatus("all are in sync again", s -> s.inSync().size() == 3);
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void the_lease_deleted_while_everything_is_down() throws IOException {
    LocalCluster cluster = EXTENSION.cluster();
    long epoch = cluster.status().epoch();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      killAll(cluster);
      Files.delete(cluster.leaseFile());
      cluster.upAgain();

      assertThat(cluster.status().epoch()).isGreaterThan(epoch);
      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void a_member_that_is_not_in_sync_takes_over_only_when_an_operator_accepts_the_loss() {
    LocalCluster cluster = EXTENSION.cluster();
    Status before = cluster.status();
    UpdateKey key = UpdateKey.read(Path.of(before.keyFile()));
    Status.Member behind = before.member(before.standbys().getFirst());
    cluster.kill(behind.name(), What.BOTH, Signal.KILL);
    String late = "it-never-saw-this." + ZONE;
    assertThat(
            Updates.sendOverTcp(
                before.member(before.leader()).dnsAddress(), Updates.add(key, late, "192.0.2.1")))
        .isEqualTo("NOERROR");
    assertThat(cluster.status().inSync()).doesNotContain(behind.name());
    List<String> lost = List.of(before.leader(), before.standbys().getLast());
    lost.forEach(member -> cluster.kill(member, What.BOTH, Signal.KILL));
    lost.forEach(cluster::wipe);

    cluster.start(behind.name());
    await("nobody takes over, long after the lease has run out")
        .during(LEASE.multipliedBy(2))
        .atMost(LocalCluster.HEALING)
        .until(() -> cluster.status().leader() == null);

    cluster
        .zonekeeper("failover", "--force", "--accept-data-loss", "--to", behind.name())
        .expect(0);
    cluster.awaitStatus("it leads", s -> behind.name().equals(s.leader()));
    lost.forEach(cluster::start);
    Status after = cluster.awaitWhole();
    assertThat(after.leader()).isEqualTo(behind.name());
    ZoneCopy.assertEqual(ZoneCopy.all(cluster, after, ZONE), after.leader());
    assertThat(Answers.at(behind.dnsAddress(), late, "A")).as("what was lost").isEmpty();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }

  private static void killAll(LocalCluster cluster) {
    for (Status.Member member : cluster.status().members()) {
      cluster.kill(member.name(), What.BOTH, Signal.KILL);
    }
  }
}
