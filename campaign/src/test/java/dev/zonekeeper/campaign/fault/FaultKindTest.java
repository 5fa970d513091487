package dev.zonekeeper.campaign.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultKindTest {
  @Test
  void each_is_found_by_its_word_and_no_other_word_is() {
    for (FaultKind kind : FaultKind.values()) {
      assertThat(FaultKind.called(kind.word())).contains(kind);
    }
    assertThat(FaultKind.called("flood")).isEmpty();
  }

  @Test
  void plain_bind_has_no_agents_and_no_lease() {
    assertThat(FaultKind.of(FaultKind.Place.PLAIN_BIND))
        .extracting(FaultKind::word)
        .containsExactly("kill-named", "stop-named", "slow-named", "terminate", "wipe");
  }

  @Test
  void a_pod_is_a_pods_fate_and_a_process_of_this_machine_is_not() {
    assertThat(FaultKind.of(FaultKind.Place.KUBERNETES))
        .contains(FaultKind.FORCE_POD, FaultKind.DELETE_LEASE, FaultKind.STOP_NAMED)
        .doesNotContain(FaultKind.KILL_AGENT, FaultKind.LOSS);
    assertThat(FaultKind.of(FaultKind.Place.LOCAL))
        .contains(FaultKind.KILL_AGENT, FaultKind.LOSS, FaultKind.DELETE_LEASE)
        .doesNotContain(FaultKind.FORCE_POD);
  }

  @Test
  void each_can_be_done_somewhere() {
    for (FaultKind kind : FaultKind.values()) {
      assertThat(FaultKind.Place.values()).anyMatch(kind::isOf);
    }
  }
}
