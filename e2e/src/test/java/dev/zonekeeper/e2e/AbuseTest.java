package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that mean harm, at the gateways and at the peer ports, while others write. */
final class AbuseTest {
  private static final int SOME = 200;
  private static final int SLOW = 1_000;

  /** Past the limit for one message, 5 s, and a while for a busy machine. */
  private static final Duration OVER = Duration.ofSeconds(15);

  /** What agents are given is 96 MiB. */
  private static final double HEAP = 64 << 20;

  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  @Test
  void nobody_who_writes_notices_and_nothing_is_left_of_it() {
    LocalCluster cluster = EXTENSION.cluster();
    Status before = cluster.status();
    UpdateKey key = UpdateKey.read(Path.of(before.keyFile()));
    List<Status.Member> members =
        List.of(before.member(before.leader()), before.member(before.standbys().getFirst()));
    long seed = new Random().nextLong();
    try (Writers writers = Writers.at(cluster);
        Abuse abuse = new Abuse(key, seed)) {
      writers.awaitMore(SOME);

      for (Status.Member member : members) {
        InetSocketAddress peerPort = cluster.agent(member.name()).peer();
        abuse.slowly(member.dnsAddress(), SLOW / 2);
        abuse.slowly(peerPort, 100);
        abuse.overUdp(member.dnsAddress(), 2_000);
        for (int i = 0; i < 20; i++) {
          abuse.overTcp(member.dnsAddress(), 50);
          abuse.overTcp(peerPort, 50);
        }
      }
      writers.awaitMore(SOME);

      for (Status.Member member : members) {
        awaitNothingLeft(member);
      }
      writers.stopAndCheck(cluster);
      assertThat(writers.failures()).as("what writers were told, seed %d", seed).isEmpty();
    }
    assertThat(cluster.status().members())
        .as("processes, seed %d", seed)
        .extracting(Status.Member::name, Status.Member::agentPid, Status.Member::namedPid)
        .containsExactlyElementsOf(
            before.members().stream()
                .map(m ->
                    org.assertj.core.api.Assertions.tuple(m.name(), m.agentPid(), m.namedPid()))
                .toList());
    assertThat(cluster.status().epoch()).as("epoch, seed %d", seed).isEqualTo(before.epoch());
  }

  /** The connections of writers and members stay; those of the abuse are closed by the agent. */
  private static void awaitNothingLeft(Status.Member member) {
    await(member.name() + " is rid of it")
        .atMost(OVER)
        .untilAsserted(() -> {
          Metrics now = Metrics.of(member);
          assertThat(now.sum("zonekeeper_server_tcp_connections", "server")).isLessThan(60);
          assertThat(now.sum("zonekeeper_server_messages_in_flight", "server")).isLessThan(60);
          assertThat(now.sum("jvm_memory_used_bytes", "area=\"heap\"")).isLessThan(HEAP);
        });
  }
}
