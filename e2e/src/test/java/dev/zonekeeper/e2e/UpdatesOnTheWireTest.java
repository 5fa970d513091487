package dev.zonekeeper.e2e;

import static dev.zonekeeper.e2e.LocalCluster.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** UPDATEs whose bytes matter: sent twice, large, many on one connection, to the wrong member. */
final class UpdatesOnTheWireTest {
  private static final int LARGEST_MESSAGE = 65_535;

  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  private LocalCluster cluster;
  private Status status;
  private UpdateKey key;

  @BeforeEach
  void look() {
    cluster = EXTENSION.cluster();
    status = cluster.status();
    key = UpdateKey.read(Path.of(status.keyFile()));
  }

  @Test
  void the_same_bytes_sent_again_by_the_same_client_get_the_same_answer() {
    for (Status.Member member : status.primaries()) {
      byte[] message = Updates.addIfNotInUse(key, name("again", member), "192.0.2.1");
      try (Wire.Udp client = new Wire.Udp(member.dnsAddress())) {
        client.send(message);
        byte[] first = client.receive(Wire.PATIENCE).orElseThrow();
        client.send(message);
        byte[] second = client.receive(Wire.PATIENCE).orElseThrow();

        assertThat(Updates.rcode(first))
            .as("first answer of %s", member.name())
            .isEqualTo("NOERROR");
        assertThat(second).as("second answer of %s", member.name()).isEqualTo(first);
      }
    }
  }

  @Test
  void a_retransmission_while_the_first_is_under_way_joins_it() {
    for (Status.Member member : status.primaries()) {
      byte[] message = Updates.addIfNotInUse(key, name("joined", member), "192.0.2.1");
      try (Wire.Udp client = new Wire.Udp(member.dnsAddress())) {
        client.send(message);
        client.send(message);
        client.send(message);

        assertThat(Updates.rcode(client.receive(Wire.PATIENCE).orElseThrow()))
            .as("answer of %s", member.name())
            .isEqualTo("NOERROR");
        client
            .receive(Duration.ofMillis(300))
            .ifPresent(again ->
                assertThat(Updates.rcode(again))
                    .as("another answer of %s", member.name())
                    .isEqualTo("NOERROR"));
      }
    }
  }

  @Test
  void a_client_that_retransmits_from_another_port_is_known_by_its_signature() {
    InetSocketAddress leader = status.member(status.leader()).dnsAddress();
    byte[] message = Updates.addIfNotInUse(key, "other-port." + ZONE, "192.0.2.1");
    try (Wire.Udp one = new Wire.Udp(leader);
        Wire.Udp other = new Wire.Udp(leader)) {
      one.send(message);
      byte[] first = one.receive(Wire.PATIENCE).orElseThrow();
      other.send(message);

      assertThat(Updates.rcode(first)).isEqualTo("NOERROR");
      assertThat(other.receive(Wire.PATIENCE)).contains(first);
    }
  }

  @Test
  void the_same_wish_in_another_message_is_another_update() {
    String name = "another-message." + ZONE;
    for (Status.Member member : status.primaries()) {
      byte[] message = Updates.addIfNotInUse(key, name, "192.0.2.1");
      assertThat(Updates.sendOverTcp(member.dnsAddress(), message))
          .as("answer of %s", member.name())
          .isEqualTo(member.equals(status.primaries().getFirst()) ? "NOERROR" : "YXDOMAIN");
    }
  }

  @Test
  void an_update_as_large_as_tcp_can_carry_is_taken_whole_by_every_member() {
    for (Status.Member member : status.primaries()) {
      List<String> names = new ArrayList<>();
      byte[] message = Updates.addMuch(key, "large-" + member.name(), LARGEST_MESSAGE, names);
      assertThat(message.length).isGreaterThan(64_000);

      assertThat(Updates.sendOverTcp(member.dnsAddress(), message))
          .as("%d bytes to %s", message.length, member.name())
          .isEqualTo("NOERROR");

      assertThat(Answers.atEveryPrimary(cluster, status, names.getLast(), "TXT"))
          .as("last of %d names, acknowledged by %s", names.size(), member.name())
          .allSatisfy((holder, texts) -> assertThat(texts).as(holder).hasSize(1));
    }
  }

  @Test
  void updates_pipelined_on_one_connection_are_each_answered_once() {
    for (Status.Member member : status.primaries()) {
      Map<Integer, String> sent = new TreeMap<>();
      Map<Integer, String> answered = new TreeMap<>();
      try (Wire.Tcp tcp = new Wire.Tcp(member.dnsAddress())) {
        for (int i = 0; i < 50; i++) {
          String name = i + "." + name("pipelined", member);
          byte[] message = Updates.add(key, name, "192.0.2.7");
          if (sent.putIfAbsent(Updates.id(message), name) == null) {
            tcp.send(message);
          }
        }
        while (answered.size() < sent.size()) {
          byte[] answer =
              tcp.receive(Wire.PATIENCE)
                  .orElseThrow(() ->
                      new AssertionError(
                          "%s answered only %s of %s".formatted(member, answered, sent)));
          assertThat(answered.put(Updates.id(answer), Updates.rcode(answer)))
              .as("%s answered ID %d twice", member.name(), Updates.id(answer))
              .isNull();
        }
      }
      assertThat(answered.keySet()).isEqualTo(sent.keySet());
      assertThat(answered.values()).as(member.name()).containsOnly("NOERROR");
      for (String name : sent.values()) {
        assertThat(Answers.atEveryPrimary(cluster, status, name, "A"))
            .as("%s, acknowledged by %s", name, member.name())
            .allSatisfy((holder, data) -> assertThat(data).as(holder).containsExactly("192.0.2.7"));
      }
    }
  }

  @Test
  void a_secondary_takes_no_update_and_shows_soon_what_the_leader_acknowledged() {
    String name = "seen." + ZONE;
    byte[] message = Updates.add(key, name, "192.0.2.9");
    for (Status.Member secondary : status.secondaries()) {
      assertThat(Updates.sendOverTcp(secondary.dnsAddress(), message))
          .as("UPDATE to %s", secondary.name())
          .isIn("REFUSED", "NOTIMP");
      assertThat(Answers.at(secondary.dnsAddress(), name, "A")).as(secondary.name()).isEmpty();
    }

    assertThat(Updates.sendOverTcp(status.member(status.leader()).dnsAddress(), message))
        .isEqualTo("NOERROR");

    for (Status.Member secondary : status.secondaries()) {
      Awaitility.await("%s shows %s, acknowledged".formatted(secondary.name(), name))
          .atMost(Wire.PATIENCE)
          .untilAsserted(() ->
              assertThat(Answers.at(secondary.dnsAddress(), name, "A"))
                  .containsExactly("192.0.2.9"));
    }
  }

  private static String name(String purpose, Status.Member member) {
    return "%s-%s.%s".formatted(purpose, member.name(), ZONE);
  }
}
