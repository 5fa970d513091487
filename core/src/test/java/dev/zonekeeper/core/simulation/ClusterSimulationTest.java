package dev.zonekeeper.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.zonekeeper.core.simulation.Clockwork.Deed;
import dev.zonekeeper.core.simulation.ClusterSimulation.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
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

  /** Runs them all, or as many as it takes to see one fail, whose story is told then. */
  private static void check(long[] seeds, Consumer<Outcome> then) throws Exception {
    Optional<Outcome> wrong =
        Seeds.firstFind(
            seeds,
            seed -> {
              Outcome outcome = ClusterSimulation.run(seed, Set.of());
              then.accept(outcome);
              return Optional.of(outcome).filter(o -> o.violation().isPresent());
            });
    if (wrong.isPresent()) {
      long seed = wrong.get().seed();
      Outcome told = ClusterSimulation.tell(seed, Set.of());
      fail(
          "%s%n%s%nReplay with -Dsimulation.seed=%d",
          wrong.get().violation().get(), String.join("\n", told.story()), seed);
    }
  }

  @Test
  @DisabledIfSystemProperty(named = "simulation.seed", matches = ".+")
  void acknowledgedUpdatesSurviveTheKnownRunsWhichHaveItAll() throws Exception {
    Map<Deed, Integer> all = new ConcurrentHashMap<>();
    check(
        Seeds.from1To(KNOWN_RUNS),
        o -> o.deeds().forEach((deed, times) -> all.merge(deed, times, Integer::sum)));
    for (Deed deed : Deed.values()) {
      assertThat(all.getOrDefault(deed, 0)).describedAs(deed.toString()).isGreaterThan(10);
    }
  }

  @Test
  @DisabledIfSystemProperty(named = "simulation.seed", matches = ".+")
  void acknowledgedUpdatesSurviveRandomRuns() throws Exception {
    long runs = Integer.getInteger("simulation.runs", 100);
    check(new Random().longs(runs).toArray(), outcome -> {});
  }

  @Test
  @EnabledIfSystemProperty(named = "simulation.seed", matches = ".+")
  void acknowledgedUpdatesSurviveTheChosenRun() throws Exception {
    check(new long[] {Long.getLong("simulation.seed")}, outcome -> {});
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
