package dev.zonekeeper.e2e;

import static dev.zonekeeper.e2e.LocalCluster.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a client can and cannot do that has no key, or not the right one: the table of
 * docs/security.md, row by row.
 */
final class WithoutAKeyTest {
  private static final String OTHER_ZONE = "other.test";
  private static final String OTHER_KEY = "other-key";

  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  private static UpdateKey key;
  private static UpdateKey otherKey;

  /**
   * A row of the table.
   *
   * @param atGateway the answer at the gateway of the leader, and at that of a standby
   * @param atSecondary the answer at a secondary
   */
  record Row(String attempt, Attempt message, String atGateway, String atSecondary) {
    static Row of(String attempt, Attempt message, String atGateway, String atSecondary) {
      return new Row(attempt, message, atGateway, atSecondary);
    }

    String asInTheTable() {
      return "| %s | %s | %s |".formatted(attempt, atGateway, atSecondary);
    }

    @Override
    public String toString() {
      return attempt;
    }
  }

  @BeforeAll
  static void keyOfAnotherZone() {
    LocalCluster cluster = EXTENSION.cluster();
    key = UpdateKey.read(Path.of(cluster.status().keyFile()));
    cluster.zonekeeper("zone add", OTHER_ZONE).expect(0);
    cluster.zonekeeper("key add", OTHER_KEY, "--zone", OTHER_ZONE, "--transfer").expect(0);
    otherKey = UpdateKey.read(cluster.dir().resolve("keys").resolve(OTHER_KEY + ".key"));
  }

  @AfterAll
  static void remove() {
    LocalCluster cluster = EXTENSION.cluster();
    cluster.zonekeeper("key remove", OTHER_KEY).expect(0);
    cluster.zonekeeper("zone remove", OTHER_ZONE).expect(0);
  }

  static Stream<Row> rows() {
    return Stream.of(
        Row.of("UPDATE, unsigned", Attempt.update(), "REFUSED", "REFUSED"),
        Row.of(
            "UPDATE, signed with another secret",
            Attempt.update().by(() -> key.withWrongSecret()),
            "NOTAUTH, BADSIG",
            "NOTAUTH, BADSIG"),
        Row.of(
            "UPDATE, signed with a key nobody knows",
            Attempt.update().by(() -> key.withUnknownName()),
            "NOTAUTH, BADKEY",
            "REFUSED, BADKEY"),
        Row.of(
            "UPDATE, signed with the key of another zone",
            Attempt.update().by(() -> otherKey),
            "REFUSED",
            "REFUSED"),
        Row.of(
            "UPDATE of the SOA record, unsigned",
            Attempt.updateOfSoa(),
            "REFUSED, EDE 18",
            "REFUSED"),
        Row.of(
            "UPDATE of the SOA record, signed with the zone's key",
            Attempt.updateOfSoa().by(() -> key),
            "REFUSED, EDE 18",
            "REFUSED"),
        Row.of(
            "UPDATE of a zone that is not served",
            Attempt.update("elsewhere.test").by(() -> key),
            "NOTAUTH",
            "NOTAUTH"),
        Row.of(
            "UPDATE whose zone is of class ANY",
            Attempt.update().ofClass(255).by(() -> key),
            "FORMERR",
            "FORMERR"),
        Row.of(
            "UPDATE whose zone is of class NONE",
            Attempt.update().ofClass(254).by(() -> key),
            "FORMERR",
            "FORMERR"),
        Row.of(
            "UPDATE whose zone is of class CHAOS", Attempt.update().ofClass(3), "NOTIMP", "NOTIMP"),
        Row.of("AXFR, unsigned", Attempt.query(ZONE, "AXFR"), "REFUSED", "REFUSED"),
        Row.of(
            "AXFR, signed with the key of another zone",
            Attempt.query(ZONE, "AXFR").by(() -> otherKey),
            "REFUSED",
            "REFUSED"),
        Row.of(
            "AXFR, signed with another secret",
            Attempt.query(ZONE, "AXFR").by(() -> key.withWrongSecret()),
            "NOTAUTH, BADSIG",
            "NOTAUTH, BADSIG"),
        Row.of("IXFR, unsigned", Attempt.ixfr(), "REFUSED", "REFUSED"),
        Row.of(
            "NOTIFY, unsigned", Attempt.query(ZONE, "SOA").opcode(4), "REFUSED, EDE 18", "NOERROR"),
        Row.of(
            "NOTIFY, signed with the zone's key",
            Attempt.query(ZONE, "SOA").opcode(4).by(() -> key),
            "REFUSED, EDE 18",
            "NOERROR"),
        Row.of(
            "query for a name of the zone",
            Attempt.query(ZONE, "NS"),
            "NOERROR, 1 records",
            "NOERROR, 1 records"),
        Row.of(
            "query for a name of no zone here",
            Attempt.query("example.org", "A"),
            "REFUSED",
            "REFUSED"),
        Row.of(
            "query for a name of no zone here, recursion desired",
            Attempt.query("example.org", "A").recursive(),
            "REFUSED",
            "REFUSED"),
        Row.of("query of class ANY", Attempt.query(ZONE, "SOA").ofClass(255), "FORMERR", "FORMERR"),
        Row.of(
            "CHAOS TXT version.bind",
            Attempt.query("version.bind", "TXT").ofClass(3),
            "NOERROR, 1 records",
            "NOERROR, 1 records"),
        Row.of(
            "CHAOS TXT hostname.bind",
            Attempt.query("hostname.bind", "TXT").ofClass(3),
            "NOERROR, 1 records",
            "NOERROR, 1 records"),
        Row.of(
            "CHAOS TXT leader.zonekeeper",
            Attempt.query("leader.zonekeeper", "TXT").ofClass(3),
            "REFUSED",
            "REFUSED"),
        Row.of(
            "CHAOS TXT status.zonekeeper",
            Attempt.query("status.zonekeeper", "TXT").ofClass(3),
            "REFUSED",
            "REFUSED"),
        Row.of("TKEY", Attempt.query("any.key", "TKEY").ofClass(255), "FORMERR", "FORMERR"),
        Row.of("opcode IQUERY", Attempt.query(ZONE, "A").opcode(1), "NOTIMP, EDE 21", "NOTIMP"),
        Row.of("opcode STATUS", Attempt.query(ZONE, "A").opcode(2), "NOTIMP, EDE 21", "NOTIMP"),
        Row.of("opcode DSO", Attempt.query(ZONE, "A").opcode(6), "NOTIMP, EDE 21", "NOTIMP"),
        Row.of("opcode 15", Attempt.query(ZONE, "A").opcode(15), "NOTIMP, EDE 21", "NOTIMP"),
        Row.of(
            "an answer nobody asked for",
            Attempt.query(ZONE, "A").asAnswer(),
            "silence",
            "closed"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void an_attempt_gets_what_the_table_says(Row row) {
    Status status = EXTENSION.cluster().status();

    assertAnswer(row, status.member(status.leader()), row.atGateway());
    assertAnswer(row, status.member(status.standbys().getFirst()), row.atGateway());
    assertAnswer(row, status.secondaries().getFirst(), row.atSecondary());
  }

  /** Extended DNS Errors are looked at where they are ours: those of named come and go. */
  private static void assertAnswer(Row row, Status.Member member, String expected) {
    String answer = row.message().at(member.dnsAddress());
    String compared = expected.contains("EDE") ? answer : answer.replaceAll(", EDE [0-9]+", "");
    assertThat(compared).as("%s at %s", row, member.name()).isEqualTo(expected);
  }

  @Test
  void the_table_is_the_one_in_the_documents() throws IOException {
    List<String> lines = Files.readAllLines(Repository.root().resolve("docs/security.md"));

    assertThat(lines).containsAll(rows().map(Row::asInTheTable).toList());
    assertThat(lines)
        .containsAll(rowsAtThePeerPort().map(row -> "| " + row + " | closed |").toList());
  }

  @Test
  void nothing_of_all_this_is_in_the_zone() {
    Status status = EXTENSION.cluster().status();

    assertThat(Answers.atEveryPrimary(EXTENSION.cluster(), status, "attempt." + ZONE, "TXT"))
        .allSatisfy((member, texts) -> assertThat(texts).as(member).isEmpty());
  }

  static Stream<Row> rowsAtThePeerPort() {
    return Stream.of(
        Row.of(
            "heartbeat, unsigned",
            Attempt.query("leader.zonekeeper", "TXT").ofClass(3),
            "closed",
            "closed"),
        Row.of(
            "heartbeat, signed with a client's key",
            Attempt.query("leader.zonekeeper", "TXT").ofClass(3).by(() -> key),
            "closed",
            "closed"),
        Row.of(
            "commit request, unsigned", Attempt.query(ZONE, "SOA").opcode(4), "closed", "closed"),
        Row.of(
            "commit request, signed with a client's key",
            Attempt.query(ZONE, "SOA").opcode(4).by(() -> key),
            "closed",
            "closed"),
        Row.of(
            "UPDATE, signed with the zone's key",
            Attempt.update().by(() -> key),
            "closed",
            "closed"),
        Row.of(
            "AXFR, signed with the zone's key",
            Attempt.query(ZONE, "AXFR").by(() -> key),
            "closed",
            "closed"),
        Row.of("query", Attempt.query(ZONE, "SOA"), "closed", "closed"));
  }

  @ParameterizedTest
  @MethodSource("rowsAtThePeerPort")
  void the_peer_port_hangs_up_on_who_is_no_member(Row row) {
    LocalCluster cluster = EXTENSION.cluster();
    for (Status.Member member : cluster.status().members()) {
      String answer = row.message().at(cluster.agent(member.name()).peer());

      assertThat(answer).as("%s at the peer port of %s", row, member.name()).isEqualTo("closed");
    }
  }
}
