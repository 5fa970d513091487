package dev.zonekeeper.agent.lease;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zonekeeper.agent.Damage;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that holds a lease is read as it was written, or refused with an {@code IOException}. */
class LeaseJsonFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<Arguments> files() {
    return originals().stream().map(Arguments::of);
  }

  @MethodSource("files")
  @FuzzTest(maxDuration = "")
  void a_file(byte[] bytes) throws IOException {
    check(bytes);
  }

  @Test
  void filesDamagedAtRandom() {
    Damage.each(originals(), LeaseJsonFuzzTest::check);
  }

  private static void check(byte[] bytes) throws IOException {
    Lease lease;
    try {
      lease = LeaseJson.fromJson(JSON.readTree(bytes));
    } catch (IOException e) {
      return;
    }
    assertThat(LeaseJson.fromJson(JSON.readTree(LeaseJson.toJson(lease).toString())))
        .isEqualTo(lease);
  }

  private static List<byte[]> originals() {
    Lease held =
        new Lease(
            Optional.of("a"),
            6,
            41,
            Instant.parse("2026-01-01T00:00:00Z"),
            Duration.ofSeconds(5),
            Set.of(new MemberId("a", "1"), new MemberId("b", "2")),
            Optional.empty());
    return Stream.of(held, held.withHolder(Optional.empty()).withHandoverTo(Optional.of("b")))
        .map(lease -> LeaseJson.toJson(lease).toString().getBytes(UTF_8))
        .toList();
  }
}
