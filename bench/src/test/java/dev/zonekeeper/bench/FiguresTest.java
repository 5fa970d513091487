package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void theNinetyNinthPercentileOfFiftyIsTheLargest() {
    List<Double> fifty = IntStream.rangeClosed(1, 50).mapToObj(i -> (double) i).toList();

    assertThat(Figures.percentile(fifty.reversed(), 99)).isEqualTo(50);
    assertThat(Figures.percentile(fifty, 90)).isEqualTo(45);
  }

  @Test
  void theMedianOfAnEvenNumberIsTheLowerOfTheMiddleTwo() {
    assertThat(Figures.median(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(2);
  }

  @Test
  void millisecondsHaveDecimalsBelowTen() {
    assertThat(Figures.millis(9.876)).isEqualTo("9.88 ms");
    assertThat(Figures.millis(10.2)).isEqualTo("10 ms");
  }

  @Test
  void ofNothingThereIsNoMedian() {
    assertThat(Figures.median(List.of())).isNaN();
  }
}
