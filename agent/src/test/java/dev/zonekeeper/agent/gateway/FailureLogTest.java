package dev.zonekeeper.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureLogTest {
  private final List<String> lines = new ArrayList<>();
  private long now;
  private final FailureLog log = new FailureLog(lines::add, () -> now);

  @Test
  void aReasonIsSaidAtOnceAndThenOnceInAWhileWithHowManyThereWere() {
    log.failed("no leader");
    log.failed("no leader");
    log.failed("no leader");

    assertThat(lines).containsExactly("a client gets SERVFAIL: no leader");

    now += Duration.ofSeconds(10).toNanos();
    log.failed("no leader");

    assertThat(lines)
        .hasSize(2)
        .last()
        .isEqualTo("a client gets SERVFAIL: no leader (and 2 more since the last)");
  }

  @Test
  void anotherReasonIsSaidAtOnce() {
    log.failed("no leader");
    log.failed("the leader did not answer");

    assertThat(lines).hasSize(2);
  }

  @Test
  void oldReasonsAreForgottenSoThatTheyDoNotPileUp() {
    log.failed("first");
    for (int i = 0; i < 100; i++) {
      log.failed("reason " + i);
    }
    log.failed("first");

    assertThat(lines).hasSize(102);
  }
}
