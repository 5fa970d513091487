package dev.zonekeeper.agent.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.agent.named.NamedLog.Line;
import dev.zonekeeper.agent.named.NamedLog.Outcome;
import dev.zonekeeper.agent.named.NamedLog.Severity;
import dev.zonekeeper.agent.named.NamedLog.TransferEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;
import org.xbill.DNS.Name;

class NamedLogTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");

  @Test
  void aLineHasACategoryASeverityAndAText() {
    assertThat(NamedLog.parse("zoneload: error: zone example.com/IN: not loaded: it's bad"))
        .isEqualTo(
            new Line("zoneload", Severity.ERROR, "zone example.com/IN: not loaded: it's bad"));
    assertThat(NamedLog.parse("dnssec: debug 3: validating"))
        .isEqualTo(new Line("dnssec", Severity.DEBUG, "validating"));
    assertThat(NamedLog.parse("general: notice: "))
        .isEqualTo(new Line("general", Severity.NOTICE, ""));
  }

  @Test
  void linesFromBeforeTheConfigurationWasReadHaveATimeThatIsDropped() {
    assertThat(
            NamedLog.parse(
                "20-Nov-2026 13:58:40.401 config: error: /d/named.conf:1: unknown option 'x'"))
        .isEqualTo(new Line("config", Severity.ERROR, "/d/named.conf:1: unknown option 'x'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Segmentation fault", "general: loud: text", "a b: error: c"})
  void whatIsNotOfThatFormIsAWarning(String line) {
    assertThat(NamedLog.parse(line)).isEqualTo(new Line("unparsed", Severity.WARNING, line));
  }

  @Test
  void severitiesBecomeOurs() {
    assertThat(Severity.CRITICAL.level()).isEqualTo(Level.ERROR);
    assertThat(Severity.WARNING.level()).isEqualTo(Level.WARN);
    assertThat(Severity.NOTICE.level()).isEqualTo(Level.INFO);
    assertThat(Severity.DEBUG.level()).isEqualTo(Level.DEBUG);
  }

  @Test
  void theEndOfATransferIsAnEventWithTheSerial() {
    String text = "zone example.com/IN: transferred serial 4294967295: TSIG 'cluster'";

    assertThat(ends("xfer-in: info: " + text))
        .containsExactly(
            new TransferEnd(ZONE, Outcome.TRANSFERRED, OptionalLong.of(4294967295L), text));
  }

  @Test
  void oneTransferIsOneEvent() {
    assertThat(
            ends(
                "xfer-in: info: zone example.com/IN: Transfer started.",
                "xfer-in: info: transfer of 'example.com/IN' from 127.0.0.1#1: connected using 127.0.0.1#1 TSIG cluster",
                "xfer-in: info: zone example.com/IN: transferred serial 2: TSIG 'cluster'",
                "xfer-in: info: transfer of 'example.com/IN' from 127.0.0.1#1: Transfer status: success",
                "xfer-in: info: transfer of 'example.com/IN' from 127.0.0.1#1: Transfer completed: 1 messages, 7 records, 350 bytes, 0.004 secs (87500 bytes/sec) (serial 2)"))
        .hasSize(1);
  }

  @Test
  void aFailedOneSaysWhyAndOneWithNothingNewIsNotAFailure() {
    assertThat(
            ends(
                "xfer-in: error: 0x7f6b09d23000: transfer of 'a\\032b/IN' from ::1#1: Transfer status: NOTAUTH",
                "xfer-in: info: transfer of 'example.com/IN' from ::1#1: Transfer status: up to date"))
        .satisfiesExactly(
            failed -> {
              assertThat(failed.zone()).isEqualTo(Name.fromConstantString("a\\032b."));
              assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
              assertThat(failed.text()).endsWith("NOTAUTH");
            },
            fine -> assertThat(fine.outcome()).isEqualTo(Outcome.UP_TO_DATE));
  }

  @Test
  void everyLineIsHandedOn() {
    NamedLog log = new NamedLog();
    List<Line> lines = new ArrayList<>();
    log.onLine(lines::add);

    log.accept("general: notice: running");

    assertThat(lines).containsExactly(new Line("general", Severity.NOTICE, "running"));
  }

  private static List<TransferEnd> ends(String... lines) {
    NamedLog log = new NamedLog();
    List<TransferEnd> ends = new ArrayList<>();
    log.onTransferEnd(ends::add);
    for (String line : lines) {
      log.accept(line);
    }
    return ends;
  }
}
