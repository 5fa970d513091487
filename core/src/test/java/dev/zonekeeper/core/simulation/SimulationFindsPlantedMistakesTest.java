package dev.zonekeeper.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulation notices when the core itself is wrong, within so many runs. */
class SimulationFindsPlantedMistakesTest {

  @ParameterizedTest(name = "{0}, within {1} runs")
  @CsvSource({
    "NO_EPOCH_IN_SERIALS, 50",
    "EPOCH_IS_NOT_RAISED, 50",
    "SHRINKS_BEFORE_THE_SWAP, 50",
    "ANYONE_MAY_TAKE_OVER, 50",
    "NAME_WITHOUT_INCARNATION, 50",
    "JOINS_WITHOUT_CATCHING_UP, 50",
    "ANSWERS_FROM_AN_OLD_ZONE, 6000",
    "COMMITS_WITHOUT_EACH_CONFIRMATION, 50",
    "CONFIRMS_BEFORE_THE_EPOCH_IS_KEPT, 200",
    "RECOVERY_IGNORES_KNOWN_EPOCHS, 400",
    "REMOVES_WITHOUT_A_WITNESS, 200",
    "JOINS_WITH_AN_OLD_COPY, 400",
    "NO_DOUBT, 6000",
    "GOES_BY_THE_LEASE_ALONE, 600",
    "KEEPS_NO_STATE_AFTER_A_GAP, 200",
  })
  void aMistakeInTheCoreIsFound(PlantedMistake mistake, int runs) throws Exception {
    MistakenCore core = new MistakenCore(mistake);
    Optional<String> found =
        Seeds.firstFind(
            Seeds.from1To(runs),
            seed -> core.violation(seed).map(what -> "run %4d: %s".formatted(seed, what)));
    assertThat(found).describedAs("what %d runs show", runs).isPresent();
    System.out.printf("%-34s %s%n", mistake, found.get());
  }

  @Test
  void aMistakeWhosePlaceIsGoneIsReported() {
    assertThatThrownBy(
            () -> PlantedMistake.JOINS_WITHOUT_CATCHING_UP.plantIn("final class InSync {}"))
        .hasMessageContaining(
            "InSync.java has not the text that JOINS_WITHOUT_CATCHING_UP replaces");
  }

  @Test
  void aMistakeThatHasTwoPlacesIsReported() {
    String place = "if (covered) {";
    assertThatThrownBy(() -> PlantedMistake.JOINS_WITHOUT_CATCHING_UP.plantIn(place + place))
        .hasMessageContaining("more than once");
  }

  @Test
  void eachMistakeIsTried() {
    assertThat(PlantedMistake.values()).hasSize(15);
  }
}
