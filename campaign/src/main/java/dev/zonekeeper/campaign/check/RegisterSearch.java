package dev.zonekeeper.campaign.check;

import dev.zonekeeper.campaign.history.Action;
import dev.zonekeeper.campaign.history.Action.Age;
import dev.zonekeeper.campaign.history.Operation;
import dev.zonekeeper.campaign.history.Outcome;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for an order of one register's operations in which each sees what it saw, and none comes
 * before its start or after its end: linearizability after Wing and Gong (1993), with the memory of
 * Lowe (2017). It differs in three points:
 *
 * <ul>
 *   <li>A write of unknown outcome may come any time after its start, or never.
 *   <li>A read of the past may see what was before its start, but comes after the read before it at
 *       the same server.
 *   <li>What changes nothing (reads, refused writes) is put in its place as soon as it fits: to
 *       wait with it cannot help.
 * </ul>
 */
final class RegisterSearch {
  private static final long NEVER = Long.MAX_VALUE;

  private final List<Operation> operations;
  private final boolean leaderIsCurrent;
  private final int mostSteps;
  private final int[] before;
  private final Set<Point> seen = new HashSet<>();
  private int steps;
  private int furthest = -1;
  private Explanation.None best = new Explanation.None("{}", List.of());

  /** What has been put in order, and what the register holds then. */
  private record Point(BitSet done, Set<String> content) {}

  private RegisterSearch(List<Operation> operations, boolean leaderIsCurrent, int mostSteps) {
    this.operations =
        operations.stream()
            .filter(operation -> operation.outcome() != Outcome.REJECTED)
            .sorted(Comparator.comparingLong(Operation::startNanos))
            .toList();
    this.leaderIsCurrent = leaderIsCurrent;
    this.mostSteps = mostSteps;
    this.before = readsBefore();
  }

  /**
   * Searches, from an empty register on.
   *
   * @param leaderIsCurrent whether what a primary member answers must be current
   * @param mostSteps after how many steps to give up
   */
  static Explanation explain(List<Operation> operations, boolean leaderIsCurrent, int mostSteps) {
    RegisterSearch search = new RegisterSearch(operations, leaderIsCurrent, mostSteps);
    if (search.from(new BitSet(), Set.of())) {
      return new Explanation.Found();
    }
    return search.steps > mostSteps ? new Explanation.GivenUp(search.steps) : search.best;
  }

  /** For each read the one before it of the same client at the same server, or -1. */
  private int[] readsBefore() {
    int[] previous = new int[operations.size()];
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < previous.length; i++) {
      Operation operation = operations.get(i);
      previous[i] = -1;
      if (operation.action() instanceof Action.Read) {
        Integer earlier = last.put(operation.client() + "@" + operation.server(), i);
        previous[i] = earlier == null ? -1 : earlier;
      }
    }
    return previous;
  }

  private boolean from(BitSet doneBefore, Set<String> content) {
    BitSet done = (BitSet) doneBefore.clone();
    long horizon = settle(done, content);
    if (horizon == NEVER) {
      return true;
    }
    if (!seen.add(new Point(done, content)) || ++steps > mostSteps) {
      return false;
    }
    note(done, content, horizon);
    List<Integer> certain = new ArrayList<>();
    List<Integer> unknown = new ArrayList<>();
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      Operation operation = operations.get(i);
      if (operation.startNanos() > horizon) {
        break;
      }
      if (writes(operation, content)) {
        (operation.outcome() == Outcome.UNKNOWN ? unknown : certain).add(i);
      }
    }
    return anyOf(certain, done, content) || anyOf(unknown, done, content);
  }

  private boolean anyOf(List<Integer> candidates, BitSet done, Set<String> content) {
    for (int i : candidates) {
      Action.Write write = (Action.Write) operations.get(i).action();
      BitSet after = (BitSet) done.clone();
      after.set(i);
      if (from(after, write.change().appliedTo(content))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Puts in place what fits and changes nothing.
   *
   * @return the earliest end of what is left: nothing that starts later may come next. {@link
   *     #NEVER} when nothing is left that must have happened
   */
  private long settle(BitSet done, Set<String> content) {
    while (true) {
      long horizon = horizon(done);
      boolean more = false;
      for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
        if (mayComeNext(i, done, horizon) && fitsWithoutChange(operations.get(i), content)) {
          done.set(i);
          more = true;
        }
      }
      if (!more) {
        return horizon;
      }
    }
  }

  private long horizon(BitSet done) {
    long earliest = NEVER;
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      Operation operation = operations.get(i);
      if (operation.outcome() != Outcome.UNKNOWN) {
        earliest = Math.min(earliest, operation.endNanos());
      }
    }
    return earliest;
  }

  private boolean mayComeNext(int index, BitSet done, long horizon) {
    Operation operation = operations.get(index);
    if (before[index] >= 0 && !done.get(before[index])) {
      return false;
    }
    return ofThePast(operation) || operation.startNanos() <= horizon;
  }

  private boolean ofThePast(Operation operation) {
    if (!(operation.action() instanceof Action.Read read)) {
      return false;
    }
    return switch (read.age()) {
      case Age.CURRENT -> false;
      case Age.PAST -> true;
      case Age.LEADER -> !leaderIsCurrent;
    };
  }

  private static boolean fitsWithoutChange(Operation operation, Set<String> content) {
    return switch (operation.action()) {
      case Action.Read read -> read.seen().equals(content);
      case Action.Write write ->
          operation.outcome() == Outcome.UNMET && !write.prerequisite().metBy(content);
    };
  }

  /** Whether it is a write that would be done on this content, and would be worth trying. */
  private static boolean writes(Operation operation, Set<String> content) {
    if (!(operation.action() instanceof Action.Write write)
        || operation.outcome() == Outcome.UNMET
        || !write.prerequisite().metBy(content)) {
      return false;
    }
    return operation.outcome() == Outcome.ACKNOWLEDGED
        || !write.change().appliedTo(content).equals(content);
  }

  /** Remembers how far the search came. */
  private void note(BitSet done, Set<String> content, long horizon) {
    int certain = 0;
    for (int i = done.nextSetBit(0); i >= 0; i = done.nextSetBit(i + 1)) {
      certain += operations.get(i).outcome() == Outcome.UNKNOWN ? 0 : 1;
    }
    if (certain <= furthest) {
      return;
    }
    furthest = certain;
    List<Operation> stuck = new ArrayList<>();
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      Operation operation = operations.get(i);
      if (operation.outcome() != Outcome.UNKNOWN && operation.startNanos() <= horizon) {
        stuck.add(operation);
      }
    }
    best = new Explanation.None(content.toString(), stuck);
  }
}
