package dev.zonekeeper.agent.named;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.zonekeeper.agent.Damage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A zone file begins with a serial or with none; a part of one is none. */
class SoaHeadFuzzTest {
  private static final String AS_BIND_WRITES =
      """
      $ORIGIN .
      $TTL 60\t; 1 minute
      example.com\t\tIN SOA\tns.example.com. hostmaster\\(x.example.com. (
      \t\t\t\t4294967295 ; serial
      \t\t\t\t3600       ; refresh (1 hour)
      \t\t\t\t60         ; retry (1 minute)
      \t\t\t\t)
      \t\t\tNS\tns.example.com.
      """;

  private static final String AS_PEOPLE_WRITE =
      "; the SOA: mine\n@ 1D in soa a. b. 4294967295 1 1 1 1\n";

  static Stream<Arguments> files() {
    return originals().stream().map(Arguments::of);
  }

  @MethodSource("files")
  @FuzzTest(maxDuration = "")
  void a_file(byte[] bytes) {
    check(bytes);
  }

  @Test
  void filesDamagedAtRandom() {
    Damage.each(originals(), SoaHeadFuzzTest::check);
  }

  /** Half a number is another number, and may be the higher one (RFC 1982). */
  @Test
  void whereverAFileEndsItHasItsSerialOrNone() {
    for (byte[] file : originals()) {
      for (int end = 0; end < file.length; end++) {
        OptionalLong serial = SoaHead.serial(Arrays.copyOf(file, end));
        if (serial.isPresent()) {
          assertThat(serial).as("of %d octets", end).hasValue(4294967295L);
        }
      }
      assertThat(SoaHead.serial(file)).hasValue(4294967295L);
    }
  }

  private static void check(byte[] bytes) {
    SoaHead.serial(bytes)
        .ifPresent(serial -> {
          assertThat(serial).isBetween(0L, 0xFFFF_FFFFL);
          assertThat(new String(bytes, ISO_8859_1).toUpperCase(Locale.ROOT)).contains("SOA");
        });
  }

  private static List<byte[]> originals() {
    return Stream.of(AS_BIND_WRITES, AS_PEOPLE_WRITE)
        .map(text -> text.getBytes(ISO_8859_1))
        .toList();
  }
}
