package dev.zonekeeper.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

class LedgerTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final Name HOST = Name.fromConstantString("host.example.com.");
  private static final Outcome ACKNOWLEDGED = new Outcome.Acknowledged();
  private static final Outcome SILENCE = new Outcome.Unknown("time-out");

  private final Ledger ledger = new Ledger();

  private void record(Change change, Outcome outcome) {
    InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 53);
    ledger.record(new Result(change, outcome, server, 0, 1, 1));
  }

  private static ZoneContent holding(String... texts) {
    List<Record> records =
        Arrays.stream(texts).<Record>map(text -> new TXTRecord(HOST, DClass.IN, 60, text)).toList();
    return new ZoneContent(1, records);
  }

  @Test
  void everyAddedValueMustBeThere() {
    record(Change.add(ZONE, HOST, "a"), ACKNOWLEDGED);
    record(Change.add(ZONE, HOST, "b"), ACKNOWLEDGED);

    assertThat(ledger.missingAt(holding("a", "b"))).isEmpty();
    assertThat(ledger.missingAt(holding("a"))).containsEntry(HOST, "b");
    assertThat(ledger.missingAt(holding("b"))).containsEntry(HOST, "a");
  }

  @Test
  void anUnknownAdditionNeedNotBeThereAndExcusesNothing() {
    record(Change.add(ZONE, HOST, "a"), ACKNOWLEDGED);
    record(Change.add(ZONE, HOST, "b"), SILENCE);

    assertThat(ledger.missingAt(holding("a"))).isEmpty();
    assertThat(ledger.missingAt(holding("b"))).containsEntry(HOST, "a");
    assertThat(ledger.unexplainedAt(holding("a", "b"))).isEmpty();
  }

  @Test
  void theLastReplacementCounts() {
    record(Change.replace(ZONE, HOST, "a"), ACKNOWLEDGED);
    record(Change.replace(ZONE, HOST, "b"), ACKNOWLEDGED);

    assertThat(ledger.missingAt(holding("b"))).isEmpty();
    assertThat(ledger.missingAt(holding("a"))).containsEntry(HOST, "b");
  }

  @Test
  void aReplacementWhoseOutcomeIsUnknownMayStandInForTheLastAcknowledgedOne() {
    record(Change.replace(ZONE, HOST, "a"), ACKNOWLEDGED);
    record(Change.replace(ZONE, HOST, "b"), SILENCE);

    assertThat(ledger.missingAt(holding("a"))).isEmpty();
    assertThat(ledger.missingAt(holding("b"))).isEmpty();
    assertThat(ledger.missingAt(holding())).containsEntry(HOST, "a");
  }

  @Test
  void aValueThatNobodyWroteIsUnexplained() {
    record(Change.add(ZONE, HOST, "a"), ACKNOWLEDGED);

    assertThat(ledger.unexplainedAt(holding("a", "x"))).containsEntry(HOST, "x");
  }
}
