package dev.zonekeeper.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.zonekeeper.core.simulation.Clockwork.Deed;
import dev.zonekeeper.core.simulation.ClusterSimulation.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Nothing acknowledged is ever lost, and writes come back, whatever happens.
 *
 * <p>{@code -Dsimulation.seed=N} replays one run and tells its story; {@code -Dsimulation.runs=N}
 * says how many random runs are made.
 */
class ClusterSimulationTest {
  private static final int KNOWN_RUNS = 200;

  private static Outcome check(long seed) {
    Outcome outcome = ClusterSimulation.run(seed, Set.of());
    if (outcome.violation().isPresent()) {
      Outcome told = ClusterSimulation.tell(seed, Set.of());
      fail(
          "%s%n%s%nReplay with -Dsimulation.seed=%d",
          outcome.violation().get(), String.join("\n", told.story()), seed);
    }
    return outcome;
  }

  @Test
  @DisabledIfSystemProperty(named = "simulation.seed", matches = ".+")
  void acknowledgedUpdatesSurviveTheKnownRunsWhichHaveItAll() {
    Map<Deed, Integer> all = new EnumMap<>(Deed.class);
    for (long seed = 1; seed <= KNOWN_RUNS; seed++) {
      check(seed).deeds().forEach((deed, times) -> all.merge(deed, times, Integer::sum));
    }
    for (Deed deed : Deed.values()) {
      assertThat(all.getOrDefault(deed, 0)).describedAs(deed.toString()).isGreaterThan(10);
    }
  }

  @Test
  @DisabledIfSystemProperty(named = "simulation.seed", matches = ".+")
  void acknowledgedUpdatesSurviveRandomRuns() {
    Random seeds = new Random();
    for (int run = Integer.getInteger("simulation.runs", 100); run > 0; run--) {
      check(seeds.nextLong());
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "simulation.seed", matches = ".+")
  void acknowledgedUpdatesSurviveTheChosenRun() {
    check(Long.getLong("simulation.seed"));
  }

  @Test
  void aStoryShowsWhoWasUpAndWhoLed() {
    assertThat(ClusterSimulation.tell(42, Set.of()).story())
        .anySatisfy(line -> assertThat(line).matches(".*[a-e] leads epoch \\d+"))
        .allSatisfy(line -> {
          if (line.endsWith("a leads epoch 1")) {
            assertThat(line).contains("  L | |  1:a ");
          }
        });
  }

  @Test
  void theSameSeedTellsTheSameStory() {
    assertThat(ClusterSimulation.tell(42, Set.of()))
        .isEqualTo(ClusterSimulation.tell(42, Set.of()));
  }
}
