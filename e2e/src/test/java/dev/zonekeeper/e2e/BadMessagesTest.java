package dev.zonekeeper.e2e;

import static dev.zonekeeper.e2e.LocalCluster.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that nobody should send, to the leader's gateway and to a standby's. */
final class BadMessagesTest {
  private static final int HEADER = 12;
  private static final int FLAGS = 2;
  private static final int QR = 0x80;

  /** How long we listen for an answer that must not come. */
  private static final Duration SILENCE = Duration.ofMillis(300);

  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  private final List<InetSocketAddress> doors = new ArrayList<>();
  private UpdateKey key;

  @BeforeEach
  void look() {
    Status status = EXTENSION.cluster().status();
    key = UpdateKey.read(Path.of(status.keyFile()));
    doors.add(status.member(status.leader()).dnsAddress());
    doors.add(status.member(status.standbys().getFirst()).dnsAddress());
  }

  @AfterEach
  void the_gateways_still_take_updates() {
    for (InetSocketAddress door : doors) {
      byte[] message = Updates.add(key, "after-bad-messages." + ZONE, "192.0.2.1");
      assertThat(Updates.sendOverTcp(door, message)).as("%s", door).isEqualTo("NOERROR");
    }
  }

  @Test
  void bytes_without_a_header_get_no_answer() {
    Random random = new Random(1);
    for (InetSocketAddress door : doors) {
      try (Wire.Udp udp = new Wire.Udp(door)) {
        for (int length = 0; length < HEADER; length++) {
          byte[] garbage = new byte[length];
          random.nextBytes(garbage);
          udp.send(garbage);
        }
        assertThat(udp.receive(SILENCE)).as("%s", door).isEmpty();
      }
    }
  }

  @Test
  void a_header_with_garbage_behind_gets_formerr() {
    Random random = new Random(2);
    for (InetSocketAddress door : doors) {
      try (Wire.Udp udp = new Wire.Udp(door)) {
        for (int i = 0; i < 20; i++) {
          byte[] message = Updates.add(key, "garbage." + ZONE, "192.0.2.1");
          byte[] garbage = new byte[message.length - HEADER];
          random.nextBytes(garbage);
          garbage[0] = (byte) 0xBF; // a label type that does not exist (RFC 6891 5)
          System.arraycopy(garbage, 0, message, HEADER, garbage.length);
          udp.send(message);
          assertRcode("FORMERR", message, udp.receive(Wire.PATIENCE), door);
        }
      }
    }
  }

  @Test
  void a_truncated_update_gets_formerr_wherever_it_was_cut() {
    byte[] message = Updates.add(key, "cut." + ZONE, "192.0.2.1");
    for (InetSocketAddress door : doors) {
      try (Wire.Udp udp = new Wire.Udp(door)) {
        for (int length = HEADER; length < message.length; length += 3) {
          udp.send(Arrays.copyOf(message, length));
          assertRcode("FORMERR", message, udp.receive(Wire.PATIENCE), door);
        }
      }
    }
  }

  @Test
  void a_response_gets_no_answer() {
    for (InetSocketAddress door : doors) {
      byte[] message = Updates.add(key, "response." + ZONE, "192.0.2.1");
      message[FLAGS] = (byte) (message[FLAGS] | QR);
      try (Wire.Udp udp = new Wire.Udp(door)) {
        udp.send(message);
        assertThat(udp.receive(SILENCE)).as("%s", door).isEmpty();
      }
    }
  }

  @Test
  void an_opcode_nobody_knows_gets_notimp() {
    for (InetSocketAddress door : doors) {
      for (int opcode : new int[] {3, 7, 15}) {
        byte[] message = new byte[HEADER];
        message[1] = (byte) opcode;
        message[FLAGS] = (byte) (opcode << 3);
        try (Wire.Udp udp = new Wire.Udp(door)) {
          udp.send(message);
          assertRcode("NOTIMP", message, udp.receive(Wire.PATIENCE), door);
        }
      }
    }
  }

  @Test
  void garbage_on_a_connection_harms_nobody_else() {
    Random random = new Random(3);
    for (InetSocketAddress door : doors) {
      List<Wire.Tcp> connections = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Wire.Tcp tcp = new Wire.Tcp(door);
        connections.add(tcp);
        byte[] garbage = new byte[random.nextInt(1, 400)];
        random.nextBytes(garbage);
        tcp.sendBytes(garbage);
      }
      byte[] message = Updates.add(key, "beside-garbage." + ZONE, "192.0.2.1");
      assertThat(Updates.sendOverTcp(door, message)).as("%s", door).isEqualTo("NOERROR");
      connections.forEach(Wire.Tcp::close);
    }
  }

  @Test
  void a_client_that_sends_half_a_message_and_falls_silent_holds_up_nobody() {
    for (InetSocketAddress door : doors) {
      byte[] message = Updates.add(key, "beside-silence." + ZONE, "192.0.2.1");
      try (Wire.Tcp silent = new Wire.Tcp(door);
          Wire.Tcp other = new Wire.Tcp(door)) {
        silent.sendBytes(new byte[] {0x40});
        other.send(message);
        assertRcode("NOERROR", message, other.receive(Wire.PATIENCE), door);
      }
    }
  }

  private static void assertRcode(
      String rcode, byte[] request, Optional<byte[]> answer, InetSocketAddress door) {
    assertThat(answer).as("answer of %s", door).isPresent();
    assertThat(Updates.id(answer.orElseThrow())).as("ID").isEqualTo(Updates.id(request));
    assertThat(Updates.rcode(answer.orElseThrow())).as("answer of %s", door).isEqualTo(rcode);
  }
}
