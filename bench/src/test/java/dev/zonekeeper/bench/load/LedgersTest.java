package dev.zonekeeper.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

class LedgersTest {
  private static final Name UPPER = Name.fromConstantString("example.com.");
  private static final Name LOWER = Name.fromConstantString("z1.example.com.");

  private final Ledgers ledgers = new Ledgers();

  private void record(Name zone, String host, Outcome outcome) {
    Change change = Change.add(zone, Name.fromConstantString(host), "v");
    InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 53);
    ledgers.record(new Result(change, outcome, server, 0, 1, 1));
  }

  @Test
  void eachZoneHasItsOwnAndAllAreCounted() {
    record(UPPER, "a.example.com.", new Outcome.Acknowledged());
    record(LOWER, "a.z1.example.com.", new Outcome.Acknowledged());
    record(LOWER, "b.z1.example.com.", new Outcome.Acknowledged());
    record(LOWER, "c.z1.example.com.", new Outcome.Unknown("time-out"));

    assertThat(ledgers.acknowledged()).isEqualTo(3);
    assertThat(ledgers.byZone()).containsOnlyKeys(UPPER, LOWER);
    assertThat(ledgers.byZone().get(UPPER).acknowledged()).isEqualTo(1);
    assertThat(ledgers.byZone().get(LOWER).acknowledged()).isEqualTo(2);
  }
}
