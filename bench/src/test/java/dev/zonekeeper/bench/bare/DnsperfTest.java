package dev.zonekeeper.bench.bare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DnsperfTest {
  private static final String SAID =
      """
      [Status] Testing complete (time limit)

      Statistics:

        Queries sent:         150012
        Queries completed:    150005 (100.00%)
        Queries lost:         7 (0.00%)

        Response codes:       NOERROR 150005 (100.00%)
        Average packet size:  request 34, response 62
        Run time (s):         2.000500
        Queries per second:   74983.754061

        Average Latency (s):  0.001300 (min 0.000050, max 0.010000)
      """;

  @Test
  void readsRateLossesAndCodes() throws IOException {
    assertThat(Dnsperf.parse(SAID))
        .isEqualTo(new Dnsperf.Report(74983.754061, 7, "NOERROR 150005 (100.00%)"));
  }

  @Test
  void otherCodesThanNoErrorAreSeen() throws IOException {
    assertThat(Dnsperf.parse(SAID).allNoError()).isTrue();
    assertThat(
            Dnsperf.parse(
                    SAID.replace("(100.00%)\n  Average", "(99.00%), REFUSED 9 (1.00%)\n  Average"))
                .allNoError())
        .isFalse();
    assertThat(
            Dnsperf.parse(SAID.replace("codes:       NOERROR", "codes:       REFUSED"))
                .allNoError())
        .isFalse();
  }

  @Test
  void outputWithoutARateIsAnError() {
    assertThatThrownBy(() -> Dnsperf.parse("Error: no data"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no data");
  }
}
