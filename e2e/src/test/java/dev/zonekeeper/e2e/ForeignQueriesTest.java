package dev.zonekeeper.e2e;

import static dev.zonekeeper.e2e.LocalCluster.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** BIND's dig at the gateways and at the secondaries. */
final class ForeignQueriesTest {
  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  private Status status;
  private UpdateKey key;

  @BeforeEach
  void look() {
    status = EXTENSION.cluster().status();
    key = UpdateKey.read(Path.of(status.keyFile()));
  }

  @Test
  void an_ordinary_query_is_answered_by_every_member_over_udp_and_tcp() {
    long serial = serial();
    for (Status.Member member : status.members()) {
      for (String transport : List.of("+notcp", "+tcp")) {
        String answer = dig(member, transport, ZONE, "SOA");

        assertThat(answer).as(member.name() + " " + transport).contains("status: NOERROR");
        assertThat(answer).as(member.name() + " " + transport).contains(" " + serial + " ");
      }
    }
  }

  @Test
  void a_name_that_does_not_exist_and_a_zone_that_is_not_ours_are_told_apart() {
    for (Status.Member member : status.members()) {
      assertThat(dig(member, "nobody." + ZONE, "A")).as(member.name()).contains("NXDOMAIN");
      assertThat(dig(member, "example.org", "A")).as(member.name()).contains("REFUSED");
    }
  }

  @Test
  void the_transfer_key_gets_the_whole_zone_from_every_member() {
    String name = "in-the-transfer." + ZONE;
    acknowledged(name);
    for (Status.Member member : status.primaries()) {
      String transfer = dig(member, "-y", key.asArgument(), ZONE, "AXFR");

      assertThat(transfer).as(member.name()).contains(name + ".").contains("XFR size:");
    }
  }

  @Test
  void the_transfer_key_gets_what_changed_since_a_serial() {
    long before = serial();
    String name = "in-the-difference." + ZONE;
    acknowledged(name);
    for (Status.Member member : status.primaries()) {
      String transfer = dig(member, "-y", key.asArgument(), ZONE, "IXFR=" + before);

      assertThat(transfer).as(member.name()).contains(name + ".").contains(" " + before + " ");
      assertThat(transfer).as("only the difference, %s", member.name()).doesNotContain("\tNS\t");
    }
  }

  @Test
  void nobody_gets_a_transfer_without_the_key() {
    for (Status.Member member : status.members()) {
      assertThat(dig(member, ZONE, "AXFR")).as(member.name()).contains("Transfer failed");
    }
  }

  private void acknowledged(String name) {
    InetSocketAddress leader = status.member(status.leader()).dnsAddress();
    byte[] message = Updates.add(key, name, "192.0.2.1");
    assertThat(Updates.sendOverTcp(leader, message)).isEqualTo("NOERROR");
  }

  private long serial() {
    return EXTENSION.cluster().status().zones().getFirst().committed();
  }

  private static String dig(Status.Member member, String... question) {
    InetSocketAddress server = member.dnsAddress();
    List<String> command =
        new ArrayList<>(
            List.of("dig", "+nocookie", "@" + server.getHostString(), "-p", "" + server.getPort()));
    command.addAll(List.of(question));
    return Program.of(command).run().printed();
  }
}
