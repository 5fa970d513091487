package dev.zonekeeper.agent.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.dns.Delta;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;

class DeltaLogTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");

  private final DeltaLog log = new DeltaLog();

  @Test
  void whatFollowsUponEachOtherLeadsThereStepByStep() {
    log.add(adding(1, 2, "a"));
    log.add(adding(2, 3, "b"));
    log.add(adding(3, 4, "c"));

    assertThat(log.between(1, 3)).containsExactly(adding(1, 2, "a"), adding(2, 3, "b"));
    assertThat(log.between(2, 4)).containsExactly(adding(2, 3, "b"), adding(3, 4, "c"));
    assertThat(log.between(3, 4)).containsExactly(adding(3, 4, "c"));
  }

  @Test
  void theOrderInWhichTheyComeDoesNotMatter() {
    log.add(adding(2, 3, "b"));
    log.add(adding(1, 2, "a"));

    assertThat(log.between(1, 3)).containsExactly(adding(1, 2, "a"), adding(2, 3, "b"));
  }

  @Test
  void whatIsNotAllThereLeadsNowhere() {
    log.add(adding(1, 2, "a"));
    log.add(adding(3, 4, "c"));

    assertThat(log.between(1, 4)).isEmpty();
    assertThat(log.between(2, 3)).isEmpty();
    assertThat(log.between(1, 5)).isEmpty();
  }

  @Test
  void ofTwoThatBeginAtTheSameSerialTheLaterCounts() {
    log.add(adding(1, 2, "a"));
    log.add(adding(1, 3, "a", "b"));

    assertThat(log.between(1, 3)).containsExactly(adding(1, 3, "a", "b"));
    assertThat(log.between(1, 2)).isEmpty();
  }

  @Test
  void theLastOneIsKnownByItsEnd() {
    log.add(adding(1, 2, "a"));
    log.add(adding(2, 3, "b"));

    assertThat(log.endingAt(3)).containsExactly(adding(2, 3, "b"));
    assertThat(log.endingAt(2)).isEmpty();
  }

  @Test
  void theOldestAreForgottenWhenThereAreMany() {
    for (int serial = 1; serial <= 100; serial++) {
      log.add(adding(serial, serial + 1, "a" + serial));
    }

    assertThat(log.between(1, 101)).isEmpty();
    assertThat(log.between(36, 101)).isEmpty();
    assertThat(log.between(37, 101)).hasSize(64);
  }

  @Test
  void nothingIsLeftAfterClear() {
    log.add(adding(1, 2, "a"));

    log.clear();

    assertThat(log.between(1, 2)).isEmpty();
    assertThat(log.endingAt(2)).isEmpty();
  }

  private static Delta adding(int from, int to, String... hosts) {
    return new Delta(
        ZONE,
        soa(from),
        soa(to),
        List.of(),
        List.of(hosts).stream().map(DeltaLogTest::txt).toList());
  }

  private static SOARecord soa(int serial) {
    return new SOARecord(ZONE, DClass.IN, 60, ZONE, ZONE, serial, 3600, 60, 604800, 60);
  }

  private static Record txt(String host) {
    return new TXTRecord(Name.fromConstantString(host + ".example.com."), DClass.IN, 60, host);
  }
}
