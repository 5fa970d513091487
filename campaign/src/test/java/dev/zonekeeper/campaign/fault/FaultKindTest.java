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
    assertThat(FaultKind.words(true))
        .containsExactly("kill-named", "stop-named", "slow-named", "terminate", "wipe");
    assertThat(FaultKind.words(false)).hasSize(FaultKind.values().length);
  }
}
