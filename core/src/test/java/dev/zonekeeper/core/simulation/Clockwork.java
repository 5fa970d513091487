package dev.zonekeeper.core.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/** Virtual time, chance, and the story of a run. The same seed gives the same run, always. */
final class Clockwork {
  /** What has happened, to see that a set of runs has tried everything. */
  enum Deed {
    ACK,
    LOOK,
    TAKEOVER,
    HANDOVER,
    EPOCH_RAISED,
    LEASE_MADE_ANEW,
    SHRINK,
    JOIN,
    INCREMENTAL_TRANSFER,
    FULL_TRANSFER,
    CRASH,
    CRASH_IN_FULL_TRANSFER,
    DISK_LOST,
    DISK_FULL,
    DISK_SLOW,
    NOT_REMEMBERED,
    RETRY,
    STORE_CUT_OFF,
    WRITE_UNKNOWN,
    LATE_WRITE_APPLIED,
    LEASE_DELETED,
    STEP_DOWN
  }

  /** As {@link Random}, number for number, without the cost of being used by several threads. */
  private static final class Chance extends Random {
    private static final long serialVersionUID = 1;
    private static final long MULTIPLIER = 0x5DEECE66DL;
    private static final long MASK = (1L << 48) - 1;

    private long state;

    Chance(long seed) {
      state = (seed ^ MULTIPLIER) & MASK;
    }

    @Override
    protected int next(int bits) {
      state = (state * MULTIPLIER + 0xBL) & MASK;
      return (int) (state >>> (48 - bits));
    }
  }

  static final long MILLI = 1_000;
  static final long SECOND = 1_000_000;

  private record Planned(long at, long order, Runnable what) implements Comparable<Planned> {
    @Override
    public int compareTo(Planned other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private final long seed;
  private final Chance random;
  private final PriorityQueue<Planned> plan = new PriorityQueue<>();
  private final boolean telling;
  private final List<String> story = new ArrayList<>();
  private final Map<Deed, Integer> deeds = new EnumMap<>(Deed.class);
  private Optional<Lanes> lanes = Optional.empty();
  private long now;
  private long order;

  Clockwork(long seed, boolean telling) {
    this.seed = seed;
    this.random = new Chance(seed);
    this.telling = telling;
  }

  long seed() {
    return seed;
  }

  /** Microseconds since the start of the run. */
  long now() {
    return now;
  }

  void after(long micros, Runnable what) {
    plan.add(new Planned(now + micros, order++, what));
  }

  /** Lets everything happen that is planned until then. */
  void runUntil(long end) {
    while (!plan.isEmpty() && plan.peek().at() <= end) {
      Planned next = plan.remove();
      now = next.at();
      next.what().run();
    }
    now = end;
  }

  boolean maybe(double probability) {
    return random.nextDouble() < probability;
  }

  /** From {@code low} to {@code high}, both included. */
  long between(long low, long high) {
    return low + (long) (random.nextDouble() * (high - low + 1));
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  void did(Deed deed) {
    deeds.merge(deed, 1, Integer::sum);
  }

  Map<Deed, Integer> deeds() {
    return deeds;
  }

  /** The story has these at its left from now on. */
  void show(Lanes columns) {
    lanes = Optional.of(columns);
    if (telling) {
      story.add(" ".repeat(15) + columns.head());
    }
  }

  void tell(Supplier<String> sentence) {
    if (telling) {
      String columns = lanes.map(Lanes::now).orElse("");
      story.add("%10.3f ms  %s  %s".formatted(now / 1000.0, columns, sentence.get()));
    }
  }

  List<String> story() {
    return story;
  }
}
