package dev.zonekeeper.campaign.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapsTest {
  private final Gaps gaps = new Gaps(new long[] {10, 20, 70, 80}, 0, 200);

  @Test
  void the_longest_time_without_an_answer_that_touches_a_fault_counts() {
    assertThat(gaps.during(25, 75)).isEqualTo(Duration.ofNanos(50));
    assertThat(gaps.during(30, 40)).isEqualTo(Duration.ofNanos(50));
  }

  @Test
  void times_before_and_after_a_fault_do_not_count() {
    assertThat(gaps.during(11, 19)).isEqualTo(Duration.ofNanos(10));
    assertThat(gaps.during(71, 79)).isEqualTo(Duration.ofNanos(10));
  }

  @Test
  void a_time_that_does_not_end_lasts_until_the_clients_end() {
    assertThat(gaps.during(90, 100)).isEqualTo(Duration.ofNanos(120));
  }

  @Test
  void without_any_answer_the_whole_campaign_is_one_gap() {
    assertThat(new Gaps(new long[0], 5, 25).during(10, 11)).isEqualTo(Duration.ofNanos(20));
  }

  @Test
  void percentiles_are_values_that_were_seen() {
    List<Duration> times =
        List.of(Duration.ofMillis(30), Duration.ofMillis(10), Duration.ofMillis(20));

    assertThat(Gaps.percentile(times, 50)).isEqualTo(Duration.ofMillis(20));
    assertThat(Gaps.percentile(times, 99)).isEqualTo(Duration.ofMillis(30));
    assertThat(Gaps.percentile(List.of(), 99)).isEqualTo(Duration.ZERO);
  }
}
