package dev.zonekeeper.campaign.subject;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DelayTest {
  private final Delay delay = new Delay("member2", "primary-2", 80, 40);

  @Test
  void packets_to_and_from_the_member_are_late() {
    assertThat(delay.begin())
        .containsExactly(
            "tc qdisc add dev member2 root netem delay 80ms 40ms",
            "tc -n primary-2 qdisc add dev eth0 root netem delay 80ms 40ms");
  }

  @Test
  void both_directions_are_as_before_afterwards() {
    assertThat(delay.end())
        .containsExactly(
            "tc qdisc del dev member2 root", "tc -n primary-2 qdisc del dev eth0 root");
  }
}
