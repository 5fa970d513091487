package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.e2e.LocalCluster.Signal;
import dev.zonekeeper.e2e.LocalCluster.What;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** A secondary that knows nothing of Zonekeeper follows the zone through a failover. */
final class ForeignSecondaryTest {
  private static final String FOLLOWED = "followed.example";

  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  @Test
  void knot_follows_by_notify_and_ixfr_across_a_failover() {
    LocalCluster cluster = EXTENSION.cluster();
    Status before = cluster.status();
    UpdateKey key = UpdateKey.read(Path.of(before.keyFile()));
    int port = FreePorts.block(1);
    cluster.zonekeeper("zone add", FOLLOWED, "--notify", "127.0.0.1:" + port).expect(0);
    try (Knot knot =
        Knot.start(
            port,
            FOLLOWED,
            before.primaries().stream().map(Status.Member::dnsAddress).toList(),
            key)) {
      awaitCommittedAt(cluster, knot);

      update(before, before.leader(), "one", key);
      awaitShown(knot, "one");
      String standby = before.standbys().getFirst();
      update(before, standby, "two", key);
      awaitShown(knot, "two");

      cluster.kill(before.leader(), What.BOTH, Signal.KILL);
      String successor =
          cluster
              .awaitStatus(
                  "another member leads",
                  s -> s.leader() != null && !s.leader().equals(before.leader()))
              .leader();
      update(before, successor, "three", key);
      awaitShown(knot, "three");
      awaitCommittedAt(cluster, knot);

      assertThat(knot.mentions("NOTIFY, incoming")).as(knot.log("knotd")).isNotEmpty();
      assertThat(knot.mentions("IXFR, incoming"))
          .as(knot.log("knotd"))
          .filteredOn(line -> line.contains("finished"))
          .hasSizeGreaterThanOrEqualTo(3);
      assertThat(knot.mentions("AXFR, incoming"))
          .as("whole transfers, of which it needs the first only\n" + knot.log("knotd"))
          .filteredOn(line -> line.contains("finished"))
          .hasSize(1);
    } finally {
      cluster.upAgain();
      cluster.zonekeeper("zone remove", FOLLOWED);
    }
  }

  private static void update(Status status, String member, String label, UpdateKey key) {
    Program.Outcome outcome =
        UpdateClient.NSUPDATE_UDP.send(
            status.member(member).dnsAddress(),
            FOLLOWED,
            key,
            List.of(new UpdateClient.Step.Add(label + "." + FOLLOWED, 60, "A", "192.0.2.8")));
    assertThat(outcome.out()).as("%s", outcome).contains("status: NOERROR");
  }

  private static void awaitShown(Knot knot, String label) {
    await(label + " at knotd, told by NOTIFY")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(Answers.at(knot.address(), label + "." + FOLLOWED, "A"))
                .as(knot.log("knotd"))
                .containsExactly("192.0.2.8"));
  }

  private static void awaitCommittedAt(LocalCluster cluster, Knot knot) {
    long committed =
        cluster.status().zones().stream()
            .filter(zone -> zone.name().equals(FOLLOWED))
            .findFirst()
            .orElseThrow()
            .committed();
    await("knotd has the committed serial " + committed)
        .atMost(Duration.ofSeconds(15))
        .ignoreExceptionsMatching(e -> e instanceof RuntimeException)
        .untilAsserted(() -> {
          var records = Answers.ask(knot.address(), FOLLOWED, "SOA").getSection(Section.ANSWER);
          assertThat(records).as(knot.log("knotd")).hasSize(1);
          assertThat(((SOARecord) records.getFirst()).getSerial()).isEqualTo(committed);
        });
  }
}
