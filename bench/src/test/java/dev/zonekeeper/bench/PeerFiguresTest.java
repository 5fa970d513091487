package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerFiguresTest {
  private static final PeerFigures FIGURES =
      new PeerFigures(
          List.of(
              new PeerRun("A", 1, 1, 1, 100, 5, 9, 0, Double.NaN),
              new PeerRun("B, 2 secondaries", 1, 1, 1, 50, 7, 8, 0, 12.25),
              new PeerRun("A", 1, 1, 2, 300, 6, 9, 0, Double.NaN),
              new PeerRun("A", 1, 1, 3, 200, 4, 9, 0, Double.NaN),
              new PeerRun("A", 1, 16, 1, 1600, 10, 20, 0, Double.NaN),
              new PeerRun("B, 2 secondaries", 1, 16, 1, 0, Double.NaN, Double.NaN, 16, Double.NaN),
              new PeerRun("A", 50, 1, 1, 70, 3, 4, 0, Double.NaN)));

  @Test
  void csvHasALineForEachRoundAndNothingWhereNoneWasAcknowledged() {
    assertThat(FIGURES.csv().lines())
        .hasSize(8)
        .startsWith(
            "row,side,zones,in_flight,round,acknowledged_per_s,median_ms,p99_ms,failures,until_all_hold_per_s",
            "peers,\"A\",1,1,1,100.0,5.000,9.000,0,",
            "peers,\"B, 2 secondaries\",1,1,1,50.0,7.000,8.000,0,12.250")
        .contains("peers,\"B, 2 secondaries\",1,16,1,0.0,,,16,");
  }

  @Test
  void aQuoteInANameIsDoubledInCsv() {
    PeerFigures quoted =
        new PeerFigures(List.of(new PeerRun("\"A\"", 1, 1, 1, 100, 5, 9, 0, Double.NaN)));
    assertThat(quoted.csv()).contains("peers,\"\"\"A\"\"\",1,1,1,");
  }

  @Test
  void roundsInWhichNothingWasAcknowledgedDoNotCountForTheMedian() {
    PeerRun nothing = new PeerRun("A", 1, 1, 1, 0, Double.NaN, Double.NaN, 9, Double.NaN);
    PeerRun some = new PeerRun("A", 1, 1, 2, 100, 5, 9, 0, Double.NaN);
    assertThat(
            new PeerFigures(List.of(nothing, some, nothing))
                .median("A", 1, 1, PeerRun::medianMillis))
        .isEqualTo(5);
  }

  @Test
  void markdownHasATableOfMediansForEachNumberOfZones() {
    assertThat(FIGURES.markdown(List.of("processor: some")).lines())
        .contains("* processor: some")
        .containsSubsequence(
            "## 1 zone",
            "| in flight | A | B, 2 secondaries |",
            "| 1 | 200/s, 5.00 ms, 9.00 ms | 50/s, 7.00 ms, 8.00 ms, 12/s until all hold it |",
            "| 16 | 1,600/s, 10 ms, 20 ms | 0/s, none, none, 16 failed |",
            "## 50 zones",
            "| 1 | 70/s, 3.00 ms, 4.00 ms |");
  }

  @Test
  void aLineLeavesOutWhatHasNoPlaceOnALogarithmicAxis() {
    assertThat(PeerPlots.lines(FIGURES, 1, PeerRun::medianMillis))
        .containsExactly(
            new PeerPlots.Line("A", List.of(1.0, 16.0), List.of(5.0, 10.0)),
            new PeerPlots.Line("B, 2 secondaries", List.of(1.0), List.of(7.0)));
  }

  @Test
  void plotsAreSvgForEachNumberOfZones(@TempDir Path folder) throws Exception {
    PeerPlots.write(FIGURES, folder);

    for (int zones : FIGURES.zones()) {
      assertThat(Files.readString(folder.resolve("peers-throughput-" + zones + ".svg")))
          .contains("<svg");
      assertThat(Files.readString(folder.resolve("peers-latency-" + zones + ".svg")))
          .contains("<svg");
    }
  }

  @Test
  void pointsOfAPlotHaveNoMoreThanTwoDecimals() {
    assertThat(PeerPlots.rounded("<path d='M1.23456,2 L10.5,3.25'/>"))
        .isEqualTo("<path d='M1.23,2 L10.5,3.25'/>");
  }
}
