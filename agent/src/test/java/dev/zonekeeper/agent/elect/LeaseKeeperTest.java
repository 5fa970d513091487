package dev.zonekeeper.agent.elect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
  private volatile boolean away;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /** A store without a lease. */
  private final LeaseStore store =
      new LeaseStore() {
        @Override
        public Optional<Versioned> read() throws IOException {
          if (away) {
            throw new IOException("no answer");
          }
          return Optional.empty();
        }

        @Override
        public CasResult compareAndSet(Optional<String> expectedVersion, Lease next)
            throws IOException {
          throw new IOException("no answer");
        }

        @Override
        public void awaitChange(Duration atMost) {}

        @Override
        public void close() {}
      };

  @Test
  void eachReadThatFailsIsToldAndTheNextThatDoesNotTellsTheLease() throws InterruptedException {
    try (LeaseKeeper keeper = new LeaseKeeper(store, events::add, Duration.ofSeconds(1))) {
      away = true;
      keeper.read();
      assertThat(events.take()).isEqualTo(new Event.LeaseUnread());
      keeper.read();
      assertThat(events.take()).isEqualTo(new Event.LeaseUnread());
      away = false;
      keeper.read();
      assertThat(events.take()).isEqualTo(new Event.LeaseSeen(Optional.empty()));
    }
  }
}
