package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.bench.LostUpdates.Loss;
import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.cluster.ZonekeeperCommand;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostUpdatesTest {
  private static final List<Loss> NONE = List.of(new Loss(1_000, 0), new Loss(2_000, 0));
  private static final List<Loss> SOME =
      List.of(new Loss(1_000, 7), new Loss(2_000, 1_500), new Loss(3_000, 30));

  @Test
  void lossesAreShownAsMedianAndWorst() {
    Row row = LostUpdates.row(NONE, SOME, List.of(new Loss(5, 1)));

    assertThat(row.ours()).isEqualTo("0 (0)");
    assertThat(row.bare()).isEqualTo("30 (1,500)");
    assertThat(row.peers()).containsEntry("BIND, quick transfers", "1 (1)");
    assertThat(row.notes())
        .contains(
            "Zonekeeper: lost 0 of 3,000 acknowledged updates in 2 rounds",
            "BIND, 2 secondaries, defaults: lost 1,537 of 6,000 acknowledged updates in 3 rounds");
  }

  @Test
  void onlyALossOfOursMissesTheLimit() {
    assertThat(LostUpdates.row(NONE, SOME, SOME).verdict()).isEqualTo(Verdict.REACHED);
    assertThat(
            LostUpdates.row(List.of(new Loss(9, 0), new Loss(9, 1), new Loss(9, 0)), NONE, NONE)
                .verdict())
        .isEqualTo(Verdict.MISSED);
  }

  @Test
  void theMomentsAreSpreadEvenlyOverFiveSeconds() {
    assertThat(IntStream.range(0, 5).mapToObj(i -> LostUpdates.loadTime(i, 5)))
        .containsExactly(
            Duration.ofSeconds(5),
            Duration.ofSeconds(6),
            Duration.ofSeconds(7),
            Duration.ofSeconds(8),
            Duration.ofSeconds(9));
  }

  @Test
  void aPrimaryThatTellsItsSecondariesLaterLosesUpdates(@TempDir Path folder) throws Exception {
    BenchSettings settings =
        new BenchSettings(
            true, 1, Set.of(), folder.resolve("bench"), 26_000, false, Optional.empty());
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    ZonekeeperCommand none = new ZonekeeperCommand(folder.resolve("none"));
    try (Workbench bench = new Workbench(settings, none, nowhere)) {
      Loss loss = LostUpdates.ofBare(bench, BareNamed.Tuning.DEFAULTS, Duration.ofSeconds(1));

      assertThat(loss.missing()).isPositive().isLessThan(loss.acknowledged());
    }
  }
}
