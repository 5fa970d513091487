package dev.zonekeeper.agent.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.zonekeeper.agent.Damage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any line of named's log is a line, and none stops the thread that reads them. */
class NamedLogFuzzTest {

  static Stream<Arguments> lines() {
    return originals().stream().map(Arguments::of);
  }

  @MethodSource("lines")
  @FuzzTest(maxDuration = "")
  void a_line(byte[] bytes) {
    check(bytes);
  }

  @Test
  void linesDamagedAtRandom() {
    Damage.each(originals(), NamedLogFuzzTest::check);
  }

  private static void check(byte[] bytes) {
    String raw = new String(bytes, UTF_8);
    NamedLog.Line line = NamedLog.parse(raw);
    assertThat(raw).contains(line.text());
    NamedLog.transferEnd(line)
        .ifPresent(end -> {
          assertThat(end.text()).isEqualTo(line.text());
          assertThat(end.serial().isPresent())
              .isEqualTo(end.outcome() == NamedLog.Outcome.TRANSFERRED);
        });
  }

  private static List<byte[]> originals() {
    return Stream.of(
            "xfer-in: info: zone example.com/IN: transferred serial 4294967295: TSIG 'k'",
            "xfer-in: info: transfer of 'example.com/IN' from 127.0.0.1#5301: Transfer status: up to"
                + " date",
            "28-Nov-2026 07:00:00.123 xfer-in: error: 0x7f00: transfer of 'x/IN' from ::1#53:"
                + " Transfer status: timed out",
            "general: debug 3: zone_journal_compact: zone 1.0.10.in-addr.arpa/IN: flush",
            "xfer-in: info: zone a\\032b.example/IN: transferred serial"
                + " 99999999999999999999999999",
            "named: out of memory")
        .map(line -> line.getBytes(UTF_8))
        .toList();
  }
}
