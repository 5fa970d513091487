package dev.zonekeeper.campaign.history;

import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Everything that clients did, by register. For any number of threads. */
public final class History {
  private final Map<Register, Queue<Operation>> operations = new ConcurrentHashMap<>();

  /** Keeps an operation that has ended. */
  public void add(Register register, Operation operation) {
    operations.computeIfAbsent(register, _ -> new ConcurrentLinkedQueue<>()).add(operation);
  }

  /** All registers that anybody has used. */
  public Set<Register> registers() {
    return Collections.unmodifiableSet(operations.keySet());
  }

  /** What was done to a register, by the time of its start. */
  public List<Operation> of(Register register) {
    Queue<Operation> done = operations.get(register);
    return done == null
        ? List.of()
        : done.stream().sorted(Comparator.comparingLong(Operation::startNanos)).toList();
  }

  /** How many writes ended how. */
  public Map<Outcome, Long> writes() {
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome, 0L);
    }
    for (Queue<Operation> one : operations.values()) {
      for (Operation operation : one) {
        if (operation.action() instanceof Action.Write) {
          counts.merge(operation.outcome(), 1L, Long::sum);
        }
      }
    }
    return counts;
  }

  /** How many queries were answered. */
  public long reads() {
    return operations.values().stream()
        .flatMap(Queue::stream)
        .filter(operation -> operation.action() instanceof Action.Read)
        .count();
  }

  /** When acknowledged writes were answered, on the clock of {@link System#nanoTime()}, sorted. */
  public long[] acknowledgedAt() {
    return operations.values().stream()
        .flatMap(Queue::stream)
        .filter(operation -> operation.action() instanceof Action.Write)
        .filter(operation -> operation.outcome() == Outcome.ACKNOWLEDGED)
        .mapToLong(Operation::endNanos)
        .sorted()
        .toArray();
  }
}
