package dev.zonekeeper.e2e;

import static dev.zonekeeper.e2e.LocalCluster.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.e2e.UpdateClient.Step;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Update clients of other people, each at the leader and at a standby. */
final class ForeignClientsTest {
  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  /** Where the client sends to, and how the member is called there. */
  private record Door(String member, InetSocketAddress address) {}

  @ParameterizedTest
  @EnumSource
  void adds_and_deletes_that_are_acknowledged_come_to_every_member(UpdateClient client) {
    Status status = cluster().status();
    for (Door door : doors(status)) {
      String name = name(client, "add", door);

      assertStatus("NOERROR", send(client, door, key(), new Step.Add(name, 60, "A", "192.0.2.1")));
      assertThat(Answers.atEveryPrimary(cluster(), status, name, "A"))
          .as("%s, acknowledged to %s at %s", name, client, door)
          .allSatisfy(
              (member, values) -> assertThat(values).as(member).containsExactly("192.0.2.1"));

      assertStatus("NOERROR", send(client, door, key(), new Step.Delete(name, "A")));
      assertThat(Answers.atEveryPrimary(cluster(), status, name, "A"))
          .as("%s, its deletion acknowledged to %s at %s", name, client, door)
          .allSatisfy((member, values) -> assertThat(values).as(member).isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_prerequisite_that_is_met_lets_the_update_through_and_an_unmet_one_does_not(
      UpdateClient client) {
    for (Door door : doors(cluster().status())) {
      String name = name(client, "prereq", door);
      Step add = new Step.Add(name, 60, "A", "192.0.2.2");

      assertStatus("NXDOMAIN", send(client, door, key(), new Step.InUse(name), add));
      assertStatus("NOERROR", send(client, door, key(), new Step.NotInUse(name), add));
      assertStatus("YXDOMAIN", send(client, door, key(), new Step.NotInUse(name), add));
      assertStatus("NOERROR", send(client, door, key(), new Step.InUse(name), add));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_key_that_nobody_knows_gets_badkey(UpdateClient client) {
    for (Door door : doors(cluster().status())) {
      Step add = new Step.Add(name(client, "badkey", door), 60, "A", "192.0.2.3");

      Program.Outcome outcome = send(client, door, key().withUnknownName(), add);

      assertThat(outcome.printed()).as("%s at %s", client, door).contains("BADKEY");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_wrong_secret_gets_badsig(UpdateClient client) {
    for (Door door : doors(cluster().status())) {
      Step add = new Step.Add(name(client, "badsig", door), 60, "A", "192.0.2.4");

      Program.Outcome outcome = send(client, door, key().withWrongSecret(), add);

      assertThat(outcome.printed()).as("%s at %s", client, door).contains("BADSIG");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_zone_that_is_not_ours_gets_notauth_or_refused(UpdateClient client) {
    for (Door door : doors(cluster().status())) {
      Program.Outcome outcome =
          client.send(
              door.address(),
              "example.org",
              key(),
              List.of(new Step.Add("www.example.org", 60, "A", "192.0.2.5")));

      assertThat(outcome.printed()).as("%s at %s", client, door).containsPattern("NOTAUTH|REFUSED");
      assertNoComplaintAboutTsig(outcome);
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_update_of_the_soa_is_refused_in_a_way_the_client_understands(UpdateClient client) {
    for (Door door : doors(cluster().status())) {
      Step soa =
          new Step.Add(ZONE, 60, "SOA", "ns1.example.com. host.example.com. 4000000000 1 1 1 1");

      Program.Outcome outcome = send(client, door, key(), soa);

      assertStatus("REFUSED", outcome);
      if (client == UpdateClient.DNSPYTHON_UDP || client == UpdateClient.DNSPYTHON_TCP) {
        assertThat(outcome.out())
            .as("%s at %s sent EDNS, so it may be told why (RFC 8914)", client, door)
            .containsPattern("EDE: \\d+ \\S+")
            .contains("signed: True");
      }
    }
  }

  private static Program.Outcome send(
      UpdateClient client, Door door, UpdateKey key, Step... steps) {
    return client.send(door.address(), ZONE, key, List.of(steps));
  }

  private static void assertStatus(String rcode, Program.Outcome outcome) {
    assertThat(outcome.out()).as("%s", outcome).contains("status: " + rcode);
    assertNoComplaintAboutTsig(outcome);
  }

  private static void assertNoComplaintAboutTsig(Program.Outcome outcome) {
    assertThat(outcome.printed())
        .as("%s", outcome)
        .doesNotContain("TSIG error", "verify TSIG", "BADKEY", "BADSIG", "BADTIME");
  }

  /** The leader's and one standby's. */
  private static List<Door> doors(Status status) {
    List<Door> doors = new ArrayList<>();
    for (String member : List.of(status.leader(), status.standbys().getFirst())) {
      doors.add(new Door(member, status.member(member).dnsAddress()));
    }
    return doors;
  }

  private static String name(UpdateClient client, String purpose, Door door) {
    return "%s-%s-%s.%s"
        .formatted(purpose, client.toString().replace(' ', '-'), door.member(), ZONE);
  }

  private static UpdateKey key() {
    return UpdateKey.read(Path.of(cluster().status().keyFile()));
  }

  private static LocalCluster cluster() {
    return EXTENSION.cluster();
  }
}
