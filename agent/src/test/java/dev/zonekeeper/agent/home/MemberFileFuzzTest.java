package dev.zonekeeper.agent.home;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.zonekeeper.agent.Damage;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.Memory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code member.json} is read as it was written, or refused with an {@code IOException}. */
class MemberFileFuzzTest {

  static Stream<Arguments> files() {
    Stream<String> others = Stream.of("", "null", "{}", "7", "[[[[");
    return Stream.concat(originals().stream(), others.map(text -> text.getBytes(UTF_8)))
        .map(Arguments::of);
  }

  @MethodSource("files")
  @FuzzTest(maxDuration = "")
  void a_file(byte[] bytes) throws IOException {
    check(bytes);
  }

  @Test
  void filesDamagedAtRandom() {
    Damage.each(originals(), MemberFileFuzzTest::check);
  }

  /** Otherwise it would forget an epoch, or be a member without an incarnation. */
  @Test
  void aFileThatEndsTooEarlyIsRefused() {
    for (byte[] file : originals()) {
      for (int end = 0; end < file.length; end++) {
        byte[] torn = Arrays.copyOf(file, end);
        assertThatThrownBy(() -> MemberFile.of(torn))
            .as("%d octets", end)
            .isInstanceOf(IOException.class);
      }
    }
  }

  private static void check(byte[] bytes) throws IOException {
    MemberFile file;
    try {
      file = MemberFile.of(bytes);
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(file.incarnation()).isNotBlank();
    assertThat(MemberFile.of(file.toBytes("a"))).isEqualTo(file);
  }

  private static List<byte[]> originals() {
    Lease lease =
        new Lease(
            Optional.of("b"),
            7,
            12,
            Instant.parse("2026-01-01T00:00:00Z"),
            Duration.ofSeconds(5),
            Set.of(new MemberId("a", "1"), new MemberId("b", "2")),
            Optional.of("a"));
    return List.of(
        bytes(new MemberFile("0123456789abcdef", new Memory(Optional.of(lease), 9))),
        bytes(new MemberFile("0123456789abcdef", new Memory(Optional.empty(), Long.MAX_VALUE))));
  }

  private static byte[] bytes(MemberFile file) {
    try {
      return file.toBytes("a");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
