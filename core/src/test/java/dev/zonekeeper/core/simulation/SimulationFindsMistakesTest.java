package dev.zonekeeper.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A simulation that cannot fail proves nothing: each of these must be found, and soon. */
class SimulationFindsMistakesTest {

  @ParameterizedTest(name = "{0}, within {1} runs")
  @CsvSource({
    "CONFIRMS_BEFORE_DURABLE, 10",
    "NO_EPOCH_IN_SERIALS, 10",
    "SHRINKS_BEFORE_THE_SWAP, 10",
    "ANYONE_MAY_TAKE_OVER, 10",
    "NO_RESYNC_MARKER, 100",
    "NAME_WITHOUT_INCARNATION, 10",
    "JOINS_WITHOUT_CATCHING_UP, 100",
  })
  void aMistakeIsFound(Mistake mistake, long runs) {
    assertThat(LongStream.rangeClosed(1, runs))
        .anyMatch(seed -> ClusterSimulation.run(seed, Set.of(mistake)).violation().isPresent());
  }
}
