package dev.zonekeeper.core.simulation;

import static dev.zonekeeper.core.simulation.Clockwork.MILLI;

import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.Settings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** All that takes part in a run. */
final class Cluster {
  static final long HEARTBEAT = 100 * MILLI;
  static final long SYNC_TIME_OUT = 400 * MILLI;

  private final Clockwork clock;
  private final Set<Mistake> mistakes;
  private final Settings settings;
  private final List<String> zones;
  private final Checker checker;
  private final Store store;
  private final Network network;
  private final Map<String, Node> byName = new HashMap<>();
  private final List<Node> nodes;
  private final Map<String, List<Node>> others = new HashMap<>();
  private Consumer<Node> onFullTransfer = node -> {};
  private Consumer<Lease> onProposal = lease -> {};

  Cluster(Clockwork clock, Set<Mistake> mistakes) {
    this.clock = clock;
    this.mistakes = mistakes.isEmpty() ? EnumSet.noneOf(Mistake.class) : EnumSet.copyOf(mistakes);
    int size = clock.maybe(0.25) ? 5 : 3;
    Set<String> names = new TreeSet<>();
    IntStream.range(0, size).forEach(i -> names.add(String.valueOf((char) ('a' + i))));
    this.settings =
        new Settings(
            names,
            clock.maybe(0.2) ? 1 : clock.maybe(0.2) ? 3 : 2,
            Duration.ofMillis(2000),
            Duration.ofMillis(400),
            Duration.ofMillis(300));
    this.zones =
        IntStream.rangeClosed(1, (int) clock.between(1, 3)).mapToObj(i -> "zone-" + i).toList();
    this.checker = new Checker(this);
    this.store = new Store(clock, this);
    this.network = new Network(clock, this);
    this.nodes = names.stream().map(name -> new Node(this, name)).toList();
    for (Node node : nodes) {
      byName.put(node.name(), node);
      others.put(node.name(), nodes.stream().filter(n -> n != node).toList());
    }
  }

  Clockwork clock() {
    return clock;
  }

  boolean makes(Mistake mistake) {
    return mistakes.contains(mistake);
  }

  Settings settings() {
    return settings;
  }

  List<String> zones() {
    return zones;
  }

  Checker checker() {
    return checker;
  }

  Store store() {
    return store;
  }

  Network network() {
    return network;
  }

  /** What else happens when a member begins a full transfer. */
  void onFullTransfer(Consumer<Node> then) {
    onFullTransfer = then;
  }

  void fullTransferBegins(Node node) {
    onFullTransfer.accept(node);
  }

  /** What else happens when a lease is proposed. */
  void onProposal(Consumer<Lease> then) {
    onProposal = then;
  }

  void proposed(Lease next) {
    onProposal.accept(next);
  }

  Node node(String name) {
    return byName.get(name);
  }

  /** All members, by name. */
  List<Node> nodes() {
    return nodes;
  }

  List<Node> others(String name) {
    return others.get(name);
  }
}
