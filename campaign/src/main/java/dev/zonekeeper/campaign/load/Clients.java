package dev.zonekeeper.campaign.load;

import dev.zonekeeper.campaign.check.SerialWatch;
import dev.zonekeeper.campaign.history.Action.Age;
import dev.zonekeeper.campaign.history.History;
import dev.zonekeeper.dns.TsigKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** All clients of a campaign. They begin when made. */
public final class Clients {
  private static final int WRITERS = 10;
  private static final Duration WRITE_PATIENCE = Duration.ofSeconds(4);
  private static final Duration READ_PATIENCE = Duration.ofSeconds(1);

  private final List<Writer> writers = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** What clients may use of the system. */
  public interface Doors {
    /** Where names are made that are written to; at least one. */
    List<Branch> branches();

    /** Keys that may change every name there, and transfer the zones; at least one. */
    List<TsigKey> keys();

    /** Where writers send updates now. */
    List<Server> forUpdates();

    /** Servers whose answers come from the leader, as far as they know. */
    List<Server> forCurrentReads();

    /** Servers whose answers may be behind. */
    List<Server> forPastReads();
  }

  /**
   * Begins.
   *
   * @param seed of what they do; when they do it depends on the machine
   */
  public Clients(Doors doors, History history, SerialWatch serials, long seed, long originNanos) {
    Names shared = new Names("shared", doors.branches(), 4);
    List<Names> names = new ArrayList<>(List.of(shared));
    RandomGenerator seeds = random(seed);
    Supplier<List<Server>> servers = doors::forUpdates;
    for (int i = 0; i < WRITERS; i++) {
      Names own = new Names("w" + i, doors.branches(), 2);
      names.add(own);
      UpdateClient client =
          new UpdateClient(
              doors.keys().get(i % doors.keys().size()),
              i % 2 == 0 ? Wire.UDP : Wire.TCP,
              WRITE_PATIENCE);
      writers.add(
          new Writer("w" + i, client, servers, own, shared, history, random(seeds.nextLong())));
    }
    for (Age age : List.of(Age.LEADER, Age.PAST)) {
      for (Server server : age == Age.PAST ? doors.forPastReads() : doors.forCurrentReads()) {
        readers.add(
            new Reader(
                new QueryClient(server, READ_PATIENCE),
                age,
                names,
                doors.branches().stream().map(Branch::zone).toList(),
                history,
                serials,
                random(seeds.nextLong()),
                originNanos));
      }
    }
    writers.forEach(writer -> threads.add(Thread.ofVirtual().start(writer)));
    readers.forEach(reader -> threads.add(Thread.ofVirtual().start(reader)));
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** Ends them; returns when each has ended its last operation. */
  public void end() throws InterruptedException {
    writers.forEach(Writer::end);
    readers.forEach(Reader::end);
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
