package dev.zonekeeper.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void percentilesAreByNearestRank() {
    Samples samples = new Samples();
    for (int i = 50; i >= 1; i--) {
      samples.add(i * 1_000_000L);
    }

    assertThat(samples.millis(50)).isEqualTo(25);
    assertThat(samples.millis(98)).isEqualTo(49);
    assertThat(samples.millis(99)).isEqualTo(50);
    assertThat(samples.millis(100)).isEqualTo(50);
    assertThat(samples.millis(0)).isEqualTo(1);
  }

  @Test
  void ofNothingThereIsNoPercentile() {
    assertThat(new Samples().millis(50)).isNaN();
  }
}
