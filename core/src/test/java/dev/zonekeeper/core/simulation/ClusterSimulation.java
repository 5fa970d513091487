package dev.zonekeeper.core.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs a cluster through a time of trouble that a seed alone determines. */
final class ClusterSimulation {
  private ClusterSimulation() {}

  /**
   * What came of a run.
   *
   * @param violation what was wrong, if anything
   * @param story what happened, if it was to be told
   */
  record Outcome(
      long seed,
      Optional<String> violation,
      Map<Clockwork.Deed, Integer> deeds,
      List<String> story) {}

  static Outcome run(long seed, Set<Mistake> mistakes) {
    return run(seed, mistakes, false);
  }

  /** The same run again, with everything that happens told. */
  static Outcome tell(long seed, Set<Mistake> mistakes) {
    return run(seed, mistakes, true);
  }

  private static Outcome run(long seed, Set<Mistake> mistakes, boolean telling) {
    Clockwork clock = new Clockwork(seed, telling);
    Optional<String> violation = Optional.empty();
    try {
      Cluster cluster = new Cluster(clock, mistakes);
      clock.show(new Lanes(cluster));
      new Scenario(clock, cluster).play();
    } catch (Checker.Violation e) {
      violation = Optional.of(e.getMessage());
      clock.tell(() -> "VIOLATION: " + e.getMessage());
    } catch (RuntimeException e) {
      violation = Optional.of(e.toString());
      clock.tell(() -> "ERROR: " + e + " at " + List.of(e.getStackTrace()).subList(0, 3));
    }
    return new Outcome(seed, violation, clock.deeds(), clock.story());
  }
}
