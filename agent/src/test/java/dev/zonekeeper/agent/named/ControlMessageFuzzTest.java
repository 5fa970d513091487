package dev.zonekeeper.agent.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.zonekeeper.agent.Damage;
import dev.zonekeeper.dns.TsigKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Name;

/** What comes over named's control channel is a message of named's, or is refused in words. */
class ControlMessageFuzzTest {
  private static final TsigKey KEY =
      new TsigKey(Name.fromConstantString("rndc-key."), "hmac-sha256", new byte[] {1, 2, 3});

  static Stream<Arguments> messages() {
    return originals().stream().map(Arguments::of);
  }

  @MethodSource("messages")
  @FuzzTest(maxDuration = "")
  void a_message(byte[] bytes) {
    check(bytes);
  }

  @Test
  void messagesDamagedAtRandom() {
    Damage.each(originals(), ControlMessageFuzzTest::check);
  }

  @Test
  void aMessageArrivesAsItWasSent() throws IOException {
    ControlMessage sent = ControlMessage.command("status", 7, Instant.EPOCH, "12345");

    ControlMessage read = read(wire(sent));

    assertThat(read.nonce()).isEqualTo("12345");
    assertThat(read.text("type")).isEqualTo("status");
  }

  @Test
  void aLengthThatIsNegativeOrTooLargeIsRefused() {
    for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 100}) {
      assertRefused(ByteBuffer.allocate(6).put((byte) 0).put((byte) 1).putInt(length).array());
    }
  }

  @Test
  void tablesWithinTablesAreRefusedWhenTheyAreDeeperThanAnyOfNamed() {
    int depth = 100_000;
    ByteBuffer body = ByteBuffer.allocate(6 * depth);
    while (body.hasRemaining()) {
      body.put((byte) 0).put((byte) 2).putInt(body.remaining() - 4);
    }
    assertRefused(body.array());
  }

  private static void assertRefused(byte[] body) {
    ByteBuffer whole = ByteBuffer.allocate(8 + body.length).putInt(4 + body.length).putInt(1);
    assertThatThrownBy(() -> read(whole.put(body).array()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("control channel");
  }

  private static void check(byte[] bytes) {
    try {
      ControlMessage message = read(bytes);
      assertThat(originals())
          .as("what is signed")
          .anySatisfy(
              original -> assertThat(message.text("type")).isEqualTo(read(original).text("type")));
    } catch (IOException e) {
      assertThat(e).as("refused in words").isNotNull();
    }
  }

  private static ControlMessage read(byte[] bytes) throws IOException {
    return ControlMessage.receive(new DataInputStream(new ByteArrayInputStream(bytes)), KEY);
  }

  private static List<byte[]> originals() {
    return List.of(
        wire(ControlMessage.command("null", 1, Instant.EPOCH, "")),
        wire(ControlMessage.command("sync example.org", 2, Instant.EPOCH, "777")),
        wire(
            new ControlMessage(
                Map.of("_ser", "3"),
                Map.of("result", "0", "text", "x".repeat(300).getBytes(UTF_8)))));
  }

  private static byte[] wire(ControlMessage message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      message.send(new DataOutputStream(bytes), KEY);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }
}
