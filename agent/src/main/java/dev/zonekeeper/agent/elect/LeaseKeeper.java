package dev.zonekeeper.agent.elect;

import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All traffic with the lease store: one access at a time, each reported as an event, and a look at
 * the lease whenever the store says that it may have changed.
 */
public final class LeaseKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  private final LeaseStore store;
  private final Consumer<Event> events;
  private final Duration lookAtLeast;
  private final ExecutorService oneByOne =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("lease").factory());
  private final AtomicBoolean readWaiting = new AtomicBoolean();
  private volatile boolean closed;
  private volatile boolean away;

  /**
   * Makes the keeper.
   *
   * @param lookAtLeast how long it goes without reading the lease, at most
   */
  public LeaseKeeper(LeaseStore store, Consumer<Event> events, Duration lookAtLeast) {
    this.store = store;
    this.events = events;
    this.lookAtLeast = lookAtLeast;
  }

  /** Reads the lease whenever it may have changed, until closed. */
  public void watch() throws InterruptedException {
    while (!closed) {
      read();
      store.awaitChange(lookAtLeast);
    }
  }

  /** Reads the lease soon; calls that come in while one waits are one. */
  public void read() {
    if (readWaiting.compareAndSet(false, true)) {
      submit(this::readNow);
    }
  }

  /** Proposes a lease. */
  public void write(Optional<String> expectedVersion, Lease next) {
    submit(() -> writeNow(expectedVersion, next));
  }

  private void readNow() {
    readWaiting.set(false);
    try {
      Optional<LeaseStore.Versioned> now = store.read();
      if (away) {
        LOG.info("the lease store answers again");
        away = false;
      }
      events.accept(new Event.LeaseSeen(now.map(LeaseKeeper::seen)));
    } catch (IOException e) {
      if (!away) {
        LOG.warn("the lease cannot be read: {}", e.getMessage());
        away = true;
      }
      events.accept(new Event.LeaseUnread());
    }
  }

  private void writeNow(Optional<String> expectedVersion, Lease next) {
    try {
      events.accept(
          switch (store.compareAndSet(expectedVersion, next)) {
            case LeaseStore.Applied applied -> new Event.WriteApplied(seen(applied.now()));
            case LeaseStore.Conflict conflict ->
                new Event.WriteConflict(conflict.now().map(LeaseKeeper::seen));
          });
    } catch (IOException | RuntimeException e) {
      events.accept(new Event.WriteUnknown(String.valueOf(e.getMessage())));
    }
  }

  private void submit(Runnable work) {
    try {
      oneByOne.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed", e);
    }
  }

  private static Event.SeenLease seen(LeaseStore.Versioned versioned) {
    return new Event.SeenLease(versioned.lease(), versioned.version());
  }

  @Override
  public void close() {
    closed = true;
    oneByOne.close();
  }
}
