package dev.zonekeeper.core.simulation;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Delays, reorders, duplicates, drops and partitions what members say to each other. */
final class Network {
  private record Line(String from, String to) {}

  private final Clockwork clock;
  private final Cluster cluster;
  private final Set<Line> cut = new HashSet<>();
  private double lost;
  private double doubled;
  private double slow;

  Network(Clockwork clock, Cluster cluster) {
    this.clock = clock;
    this.cluster = cluster;
  }

  /** How bad it is: the share of messages that get lost, come twice, or come late. */
  void quality(double lostShare, double doubledShare, double slowShare) {
    lost = lostShare;
    doubled = doubledShare;
    slow = slowShare;
  }

  void cut(String from, String to) {
    cut.add(new Line(from, to));
  }

  void heal() {
    cut.clear();
  }

  boolean isCut(String from, String to) {
    return !cut.isEmpty() && cut.contains(new Line(from, to));
  }

  /** What is said reaches whoever lives under that name when it arrives, or nobody. */
  void send(String from, String to, Consumer<Life> hears) {
    if (isCut(from, to) || clock.maybe(lost)) {
      return;
    }
    deliver(from, to, hears);
    if (clock.maybe(doubled)) {
      deliver(from, to, hears);
    }
  }

  private void deliver(String from, String to, Consumer<Life> hears) {
    long delay =
        clock.maybe(slow)
            ? clock.between(Clockwork.MILLI, 400 * Clockwork.MILLI)
            : clock.between(50, 2 * Clockwork.MILLI);
    clock.after(
        delay,
        () -> {
          if (!isCut(from, to)) {
            cluster.node(to).life().ifPresent(hears);
          }
        });
  }
}
