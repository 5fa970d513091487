package dev.zonekeeper.campaign.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.campaign.load.Branch;
import dev.zonekeeper.campaign.load.Server;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final List<FaultKind> QUICK =
      List.of(FaultKind.SWITCHOVER, FaultKind.DELETE_LEASE, FaultKind.KILL_ALL);

  /** Notes what is done to it. */
  private static final class Notes implements Subject {
    final List<String> done = new ArrayList<>();
    int under;
    boolean fails;

    @Override
    public Optional<Injection> inject(FaultKind kind, RandomGenerator random) throws IOException {
      if (fails) {
        throw new IOException("no");
      }
      done.add(kind.word() + " " + random.nextInt(100));
      under++;
      return Optional.of(new Injection("it", () -> under--));
    }

    @Override
    public void repair() {
      done.add("repair");
    }

    @Override
    public Optional<String> missing() {
      return Optional.empty();
    }

    @Override
    public String inWords() {
      return "notes";
    }

    @Override
    public boolean knows(FaultKind kind) {
      return true;
    }

    @Override
    public void show(Look look) {}

    @Override
    public List<Branch> branches() {
      return List.of();
    }

    @Override
    public List<TsigKey> keys() {
      return List.of();
    }

    @Override
    public List<Server> forUpdates() {
      return List.of();
    }

    @Override
    public List<Server> forCurrentReads() {
      return List.of();
    }

    @Override
    public List<Server> forPastReads() {
      return List.of();
    }

    @Override
    public void close() {}
  }

  private static Scheduler run(Notes notes, long seed) throws InterruptedException {
    Scheduler scheduler = new Scheduler(notes, QUICK, seed, _ -> {});
    scheduler.run(System.nanoTime() + Duration.ofSeconds(4).toNanos());
    return scheduler;
  }

  @Test
  void the_same_seed_does_the_same_faults() throws InterruptedException {
    Notes one = new Notes();
    Notes other = new Notes();

    run(one, 5);
    run(other, 5);

    int both = Math.min(one.done.size(), other.done.size());
    assertThat(both).isPositive();
    assertThat(one.done.subList(0, both)).isEqualTo(other.done.subList(0, both));
  }

  @Test
  void every_fault_is_undone_and_kept_with_its_times() throws InterruptedException {
    Notes notes = new Notes();

    Scheduler scheduler = run(notes, 1);

    assertThat(notes.under).isZero();
    assertThat(scheduler.done()).hasSameSizeAs(notes.done);
    assertThat(scheduler.done()).allMatch(fault -> fault.endNanos() >= fault.startNanos());
  }

  @Test
  void what_fails_is_repaired_and_not_counted() throws InterruptedException {
    Notes notes = new Notes();
    notes.fails = true;

    Scheduler scheduler = run(notes, 1);

    assertThat(scheduler.done()).isEmpty();
    assertThat(notes.done).contains("repair");
  }
}
