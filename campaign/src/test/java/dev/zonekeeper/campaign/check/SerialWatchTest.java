package dev.zonekeeper.campaign.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SerialWatchTest {
  private final SerialWatch watch = new SerialWatch();

  @Test
  void serials_that_stay_or_grow_are_good() {
    watch.seen("s0", "a", 5, 0);
    watch.seen("s0", "a", 5, 1);
    watch.seen("s0", "a", 9, 2);
    watch.seen("s1", "a", 1, 3);
    watch.seen("s0", "b", 1, 3);

    assertThat(watch.anomalies()).isEmpty();
  }

  @Test
  void a_serial_that_goes_back_is_found() {
    watch.seen("s0", "a", 9, 0);
    watch.seen("s0", "a", 8, 1_500_000_000);

    assertThat(watch.anomalies())
        .singleElement()
        .satisfies(anomaly -> assertThat(anomaly.what()).contains("from 9 to 8 at 1.500 s"));
  }

  @Test
  void a_serial_may_run_over() {
    watch.seen("s0", "a", 0xffff_ffffL, 0);
    watch.seen("s0", "a", 3, 1);

    assertThat(watch.anomalies()).isEmpty();
  }
}
