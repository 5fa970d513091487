package dev.zonekeeper.e2e;

import static dev.zonekeeper.e2e.LocalCluster.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.e2e.LocalCluster.Signal;
import dev.zonekeeper.e2e.LocalCluster.What;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What befalls a leader while eight clients write: none of them loses what it was promised. */
final class LeaderFaultsTest {
  private static final int SOME = 100;

  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  @Test
  void agent_and_named_killed() {
    killed(What.BOTH, Signal.KILL);
  }

  @Test
  void agent_killed_and_its_named_left_alone() {
    killed(What.AGENT, Signal.KILL);
  }

  @Test
  void agent_asked_to_end() {
    killed(What.AGENT, Signal.TERM);
  }

  private static void killed(What what, Signal signal) {
    LocalCluster cluster = EXTENSION.cluster();
    String old = cluster.leader();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      cluster.kill(old, what, signal);
      cluster.awaitStatus("another member leads", s -> leadsAnother(s, old));
      writers.awaitMore(SOME);

      cluster.awaitStatus("the old one has ended", s -> s.member(old).agentPid() == null);
      cluster.start(old);
      cluster.awaitStatus("all are in sync again", s -> s.inSync().size() == 3);
      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void named_killed() {
    LocalCluster cluster = EXTENSION.cluster();
    Status before = cluster.status();
    String old = before.leader();
    Long namedPid = before.member(old).namedPid();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      cluster.kill(old, What.NAMED, Signal.KILL);
      cluster.awaitStatus(
          "the agent has started another named and all are in sync again",
          s -> hasNewNamed(s, old, namedPid) && s.leader() != null && s.inSync().size() == 3);
      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void named_stopped_and_woken_later() {
    LocalCluster cluster = EXTENSION.cluster();
    String old = cluster.leader();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      cluster.kill(old, What.NAMED, Signal.STOP);
      writers.awaitMore(SOME);
      cluster.awaitStatus("another member leads", s -> leadsAnother(s, old));

      cluster.kill(old, What.NAMED, Signal.CONT);
      cluster.awaitStatus("all are in sync again", s -> s.inSync().size() == 3);
      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void agent_stopped_and_woken_later() {
    LocalCluster cluster = EXTENSION.cluster();
    String old = cluster.leader();
    try (Writers writers = Writers.at(cluster)) {
      writers.awaitMore(SOME);

      cluster.kill(old, What.AGENT, Signal.STOP);
      cluster.awaitStatus("another member leads", s -> leadsAnother(s, old));
      writers.awaitMore(SOME);

      cluster.kill(old, What.AGENT, Signal.CONT);
      cluster.awaitStatus("all are in sync again", s -> s.inSync().size() == 3);
      writers.awaitMore(SOME);
      writers.stopAndCheck(cluster);
    }
  }

  @Test
  void a_leader_that_slept_through_a_takeover_gives_up_what_it_alone_had() {
    LocalCluster cluster = EXTENSION.cluster();
    Status before = cluster.status();
    String old = before.leader();
    UpdateKey key = UpdateKey.read(Path.of(before.keyFile()));
    String tail = "unacknowledged-tail." + ZONE;
    String later = "after-the-takeover." + ZONE;

    cluster.kill(old, What.AGENT, Signal.STOP);
    String taken =
        Updates.sendOverTcp(Answers.named(cluster, old), Updates.add(key, tail, "192.0.2.66"));
    assertThat(taken).as("%s's named, past its sleeping agent", old).isEqualTo("NOERROR");
    String successor =
        cluster.awaitStatus("another member leads", s -> leadsAnother(s, old)).leader();
    assertThat(
            Updates.sendOverTcp(
                before.member(successor).dnsAddress(), Updates.add(key, later, "192.0.2.67")))
        .as("UPDATE to the new leader, %s", successor)
        .isEqualTo("NOERROR");
    cluster.kill(old, What.AGENT, Signal.CONT);

    Status after = cluster.awaitWhole();
    Map<String, ZoneCopy> copies = ZoneCopy.all(cluster, after, ZONE);
    ZoneCopy.assertEqual(copies, after.leader());
    assertThat(copies.get(old).lines())
        .as("%s, which was asleep from before the takeover", copies.get(old))
        .noneMatch(line -> line.startsWith(tail))
        .anyMatch(line -> line.startsWith(later));
  }

  private static boolean leadsAnother(Status status, String old) {
    return status.leader() != null && !status.leader().equals(old);
  }

  private static boolean hasNewNamed(Status status, String member, Long oldPid) {
    Status.Member now = status.member(member);
    return now.healthy() && now.namedPid() != null && !now.namedPid().equals(oldPid);
  }
}
