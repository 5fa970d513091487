package dev.zonekeeper.dns.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who opens connections without end takes places from itself alone. */
class DisplacementTest {
  private record Connection(InetAddress from, boolean mayGo, long lastActive)
      implements Displacement.Held {}

  private static Connection silent(String from, long since) {
    return new Connection(InetAddress.ofLiteral(from), true, System.nanoTime() - since);
  }

  private static Connection busy(String from) {
    return new Connection(InetAddress.ofLiteral(from), false, System.nanoTime() - 1_000_000_000L);
  }

  private static Object goneFor(String newcomer, Connection... held) {
    return Displacement.choose(List.of(held), InetAddress.ofLiteral(newcomer)).orElse(null);
  }

  @Test
  void theLongestSilentOfTheAddressWithTheMostGoes() {
    Connection longest = silent("192.0.2.1", 5_000_000);

    assertThat(
            goneFor(
                "192.0.2.9",
                silent("192.0.2.1", 1_000_000),
                longest,
                silent("192.0.2.2", 9_000_000)))
        .isEqualTo(longest);
  }

  @Test
  void whoHoldsTheMostDisplacesNobody() {
    assertThat(
            goneFor(
                "192.0.2.1",
                silent("192.0.2.1", 1),
                silent("192.0.2.1", 2),
                silent("192.0.2.2", 3)))
        .isNull();
  }

  @Test
  void nobodyIsDisplacedForOneThatWouldHoldAsMany() {
    assertThat(
            goneFor(
                "192.0.2.2",
                silent("192.0.2.1", 1),
                silent("192.0.2.1", 2),
                silent("192.0.2.2", 3)))
        .isNull();
  }

  @Test
  void aConnectionWhoseAnswerIsBeingMadeStays() {
    Connection silent = silent("192.0.2.1", 1);

    assertThat(goneFor("192.0.2.9", busy("192.0.2.1"), silent)).isEqualTo(silent);
    assertThat(goneFor("192.0.2.9", busy("192.0.2.1"), busy("192.0.2.1"))).isNull();
  }

  @Test
  void addressesOfOneIpv6NetworkCountTogether() {
    Connection longest = silent("2001:db8:0:1::7", 9_000_000);

    assertThat(goneFor("2001:db8:0:2::1", longest, silent("2001:db8:0:1::8", 1)))
        .isEqualTo(longest);
    assertThat(goneFor("2001:db8:0:1::9", longest, silent("2001:db8:0:1::8", 1))).isNull();
  }
}
