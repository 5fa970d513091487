package dev.zonekeeper.campaign.load;

import dev.zonekeeper.campaign.history.Action;
import dev.zonekeeper.campaign.history.Change;
import dev.zonekeeper.campaign.history.History;
import dev.zonekeeper.campaign.history.Operation;
import dev.zonekeeper.campaign.history.Prerequisite;
import dev.zonekeeper.campaign.history.Register;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One client that writes, one operation after the other, at whichever server answers. */
final class Writer implements Runnable {
  private static final int MOST_PAUSE_MILLIS = 80;
  private static final long SHUN_NANOS = 3_000_000_000L;
  private static final int SHARED_PERCENT = 40;

  private final String name;
  private final UpdateClient client;
  private final Supplier<List<Server>> servers;
  private final Names own;
  private final Names shared;
  private final History history;
  private final RandomGenerator random;
  private final Map<Register, Set<String>> guesses = new ConcurrentHashMap<>();
  private final Map<String, Long> shunnedUntil = new HashMap<>();
  private volatile boolean ended;
  private int values;

  Writer(
      String name,
      UpdateClient client,
      Supplier<List<Server>> servers,
      Names own,
      Names shared,
      History history,
      RandomGenerator random) {
    this.name = name;
    this.client = client;
    this.servers = servers;
    this.own = own;
    this.shared = shared;
    this.history = history;
    this.random = random;
  }

  void end() {
    ended = true;
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        write();
        Thread.sleep(random.nextInt(MOST_PAUSE_MILLIS));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    Names names = random.nextInt(100) < SHARED_PERCENT ? shared : own;
    Register register = names.any(random);
    Set<String> guess = guesses.getOrDefault(register, Set.of());
    Action.Write write = choose(guess);
    Server server = server();
    long start = System.nanoTime();
    UpdateClient.Result result = client.send(server, register, write);
    long end = System.nanoTime();
    history.add(
        register,
        new Operation(name, server.name(), start, end, write, result.outcome(), result.detail()));
    switch (result.outcome()) {
      case ACKNOWLEDGED -> guesses.put(register, write.change().appliedTo(guess));
      case UNMET -> {}
      case REJECTED -> shunnedUntil.put(server.name(), end + SHUN_NANOS);
      case UNKNOWN -> {
        names.unknown(register);
        shunnedUntil.put(server.name(), end + SHUN_NANOS);
      }
    }
  }

  private Server server() {
    List<Server> all = servers.get();
    long now = System.nanoTime();
    List<Server> good =
        all.stream()
            .filter(server -> shunnedUntil.getOrDefault(server.name(), now) - now <= 0)
            .toList();
    List<Server> chosen = good.isEmpty() ? all : good;
    return chosen.get(random.nextInt(chosen.size()));
  }

  /** Something to do on a name that holds what this writer believes, or does not: others write. */
  private Action.Write choose(Set<String> guess) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> always(new Change.Replace(value()));
      case 3, 4, 5 -> always(guess.size() < 4 ? new Change.Add(value()) : new Change.Clear());
      case 6, 7 -> always(guess.isEmpty() ? new Change.Add(value()) : deleteOneOf(guess));
      case 8 -> always(new Change.Clear());
      case 9 ->
          new Action.Write(
              guess.isEmpty() ? new Prerequisite.Absent() : new Prerequisite.Exactly(guess),
              new Change.Replace(value()));
      case 10 -> new Action.Write(new Prerequisite.Present(), new Change.Replace(value()));
      default -> new Action.Write(new Prerequisite.Absent(), new Change.Add(value()));
    };
  }

  private static Action.Write always(Change change) {
    return new Action.Write(new Prerequisite.Always(), change);
  }

  private Change deleteOneOf(Set<String> guess) {
    List<String> sorted = List.copyOf(new TreeSet<>(guess));
    return new Change.Delete(sorted.get(random.nextInt(sorted.size())));
  }

  private String value() {
    return name + "." + values++;
  }
}
