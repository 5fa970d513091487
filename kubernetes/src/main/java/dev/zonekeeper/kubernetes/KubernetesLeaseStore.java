package dev.zonekeeper.kubernetes;

import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Lease;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease as a {@code coordination.k8s.io/v1} Lease. Every change carries the uid and the
 * resource version that were read, so the API server makes it a compare-and-swap.
 *
 * <p>A watch tells of changes at once, and reading costs no request while it speaks. A watch that
 * says nothing proves nothing: after {@link #TRUSTED} of silence the lease is read from the API
 * server, which also tells whether that is there. Whatever is read may be old by then. Who changes
 * the lease by it fails at the compare-and-swap; who follows a leader by it is not stopped by that.
 *
 * <p>Methods may be called by one thread at a time, {@link #awaitChange} by another.
 */
public final class KubernetesLeaseStore implements LeaseStore {

  /** For how long after its last sign of life what the watch said is taken for the present. */
  static final Duration TRUSTED = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesLeaseStore.class);
  private static final Duration WRITE_AGAIN = Duration.ofMillis(50);
  private static final Duration WRITE_AGAIN_AT_MOST = Duration.ofSeconds(1);
  private static final Duration WATCH_AGAIN = Duration.ofMillis(200);
  private static final Duration WATCH_AGAIN_AT_MOST = Duration.ofSeconds(2);
  private static final Duration WATCH_LATE = Duration.ofSeconds(1);

  /**
   * The newest state seen.
   *
   * @param resourceVersion of the object, or of its deletion; empty when only its absence was seen
   */
  private record Known(
      Optional<io.fabric8.kubernetes.api.model.coordination.v1.Lease> object,
      String resourceVersion) {}

  private final LeaseApi lease;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** When the last write began, if it failed. */
  private Optional<Long> failedAt = Optional.empty();

  private int failures;
  private Optional<Thread> watchThread = Optional.empty();
  private Optional<Known> known = Optional.empty();
  private long heardAt;

  /** How often {@link #known} has changed. */
  private long learned;

  /** How often there was reason to look. */
  private long signals;

  private long awaited;

  /** What the watch of the moment told last; empty while it has told nothing. */
  private Optional<String> told = Optional.empty();

  private long watchBegan;
  private boolean watchDistrusted;
  private boolean closed;

  private KubernetesLeaseStore(LeaseApi lease) {
    this.lease = lease;
  }

  /** A store that asks the API server each time: for a command. */
  public static KubernetesLeaseStore unwatched(
      Api api, String namespace, String name, String cluster) {
    Map<String, String> labels = Names.labels(cluster);
    return new KubernetesLeaseStore(new LeaseApi(api, namespace, name, labels));
  }

  /** A store that is told of changes until it is closed: for a member. */
  public static KubernetesLeaseStore watched(
      Api api, String namespace, String name, String cluster) {
    KubernetesLeaseStore store = unwatched(api, namespace, name, cluster);
    store.watchThread =
        Optional.of(Thread.ofVirtual().name("lease-watch-api").start(store::watchUntilClosed));
    return store;
  }

  @Override
  public Optional<Versioned> read() throws IOException {
    Optional<Known> fresh = freshlyTold();
    if (fresh.isPresent()) {
      return versioned(fresh.get().object);
    }
    return versioned(fetch());
  }

  /** The uid of the object as last seen, for events about it. */
  Optional<String> uid() {
    lock.lock();
    try {
      return known.flatMap(Known::object).map(object -> object.getMetadata().getUid());
    } finally {
      lock.unlock();
    }
  }

  /**
   * After a write that failed, the next one waits: an overloaded server must not get more to do.
   */
  @Override
  public CasResult compareAndSet(Optional<String> expectedVersion, Lease next) throws IOException {
    awaitTurn();
    failedAt = Optional.of(System.nanoTime());
    CasResult result = swap(expectedVersion, next);
    failedAt = Optional.empty();
    failures = 0;
    return result;
  }

  private void awaitTurn() throws InterruptedIOException {
    if (failedAt.isEmpty()) {
      return;
    }
    Duration pause = WRITE_AGAIN.multipliedBy(1L << failures);
    if (pause.compareTo(WRITE_AGAIN_AT_MOST) < 0) {
      failures++;
    } else {
      pause = WRITE_AGAIN_AT_MOST;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(failedAt.get() + pause.toNanos() - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before the lease was written");
    }
  }

  private CasResult swap(Optional<String> expectedVersion, Lease next) throws IOException {
    try {
      if (expectedVersion.isEmpty()) {
        return applied(next, lease.create(LeaseObject.toObject(next, lease.blank())));
      }
      Optional<io.fabric8.kubernetes.api.model.coordination.v1.Lease> base =
          objectOf(expectedVersion.get());
      if (base.isEmpty()) {
        return new Conflict(versioned(latest()));
      }
      return applied(next, lease.replace(LeaseObject.toObject(next, base.get())));
    } catch (ApiFailure refused) {
      if (refused.isConflict() || (expectedVersion.isPresent() && refused.isNotFound())) {
        return new Conflict(versioned(fetch()));
      }
      throw refused;
    }
  }

  /** The object of that version, unless there is another by now. */
  private Optional<io.fabric8.kubernetes.api.model.coordination.v1.Lease> objectOf(String version)
      throws IOException {
    Optional<io.fabric8.kubernetes.api.model.coordination.v1.Lease> seen = latest();
    if (seen.map(LeaseObject::version).equals(Optional.of(version))) {
      return seen;
    }
    return fetch().filter(object -> LeaseObject.version(object).equals(version));
  }

  private CasResult applied(
      Lease next, io.fabric8.kubernetes.api.model.coordination.v1.Lease written)
      throws IOException {
    learn(Optional.of(written), written.getMetadata().getResourceVersion());
    Lease now = LeaseObject.fromObject(written);
    boolean asWritten = now.equals(LeaseObject.kept(next));
    return new Applied(new Versioned(asWritten ? next : now, LeaseObject.version(written)));
  }

  @Override
  public void awaitChange(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (signals == awaited && left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
      awaited = signals;
    } finally {
      lock.unlock();
    }
    if (left > 0 && closed) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    watchThread.ifPresent(Thread::interrupt);
  }

  private Optional<Known> freshlyTold() {
    lock.lock();
    try {
      boolean fresh = System.nanoTime() - heardAt < TRUSTED.toNanos();
      return fresh && told.isPresent() ? known : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Optional<io.fabric8.kubernetes.api.model.coordination.v1.Lease> latest() {
    lock.lock();
    try {
      return known.flatMap(Known::object);
    } finally {
      lock.unlock();
    }
  }

  /** Reads from the API server, and compares with what the watch said. */
  private Optional<io.fabric8.kubernetes.api.model.coordination.v1.Lease> fetch()
      throws IOException {
    long before = learned();
    Optional<io.fabric8.kubernetes.api.model.coordination.v1.Lease> got = lease.get();
    lock.lock();
    try {
      heardAt = System.nanoTime();
      if (got.isPresent()) {
        learnLocked(got, got.get().getMetadata().getResourceVersion());
      } else if (learned == before && known.filter(k -> k.object.isEmpty()).isEmpty()) {
        replaceKnown(new Known(Optional.empty(), ""));
      }
      distrustIfBehind(got.map(LeaseObject::version).orElse(""));
      return known.flatMap(Known::object);
    } finally {
      lock.unlock();
    }
  }

  /** A watch whose connection is dead without anybody knowing says nothing, for ever. */
  private void distrustIfBehind(String version) {
    boolean late = System.nanoTime() - watchBegan > WATCH_LATE.toNanos();
    boolean silentFromTheStart = told.isEmpty() && !version.isEmpty();
    boolean behind = told.isPresent() && !told.get().equals(version);
    if (late && (silentFromTheStart || behind)) {
      watchDistrusted = true;
      changed.signalAll();
    }
  }

  private long learned() {
    lock.lock();
    try {
      return learned;
    } finally {
      lock.unlock();
    }
  }

  private void learn(
      Optional<io.fabric8.kubernetes.api.model.coordination.v1.Lease> object,
      String resourceVersion) {
    lock.lock();
    try {
      learnLocked(object, resourceVersion);
    } finally {
      lock.unlock();
    }
  }

  /** What comes late, by another way, must not replace what is newer. */
  private void learnLocked(
      Optional<io.fabric8.kubernetes.api.model.coordination.v1.Lease> object,
      String resourceVersion) {
    if (known.isEmpty() || isAfter(resourceVersion, known.get().resourceVersion)) {
      replaceKnown(new Known(object, resourceVersion));
    }
  }

  private void replaceKnown(Known now) {
    known = Optional.of(now);
    learned++;
    signals++;
    changed.signalAll();
  }

  /** Resource versions are numbers that grow with every change; where they are not, last wins. */
  private static boolean isAfter(String version, String other) {
    try {
      return new BigInteger(version).compareTo(new BigInteger(other)) > 0;
    } catch (NumberFormatException opaque) {
      return !version.equals(other);
    }
  }

  private static Optional<Versioned> versioned(
      Optional<io.fabric8.kubernetes.api.model.coordination.v1.Lease> object) throws IOException {
    if (object.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Versioned(LeaseObject.fromObject(object.get()), LeaseObject.version(object.get())));
  }

  // The watch.

  private void watchUntilClosed() {
    Pause pause = new Pause(WATCH_AGAIN, WATCH_AGAIN_AT_MOST);
    try {
      while (!isClosed()) {
        long began = System.nanoTime();
        String ended = watchOnce();
        boolean lived = System.nanoTime() - began > WATCH_LATE.toNanos();
        LOG.debug("the watch of the lease ended and is begun anew: {}", ended);
        if (lived) {
          pause.shorten();
        }
        pause.take();
      }
    } catch (InterruptedException e) {
      LOG.debug("the lease is not watched any more");
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Watches until the watch ends, or is not trusted any more; returns why. */
  private String watchOnce() throws InterruptedException {
    Listener listener = new Listener();
    lock.lock();
    try {
      watchBegan = System.nanoTime();
      watchDistrusted = false;
      told = Optional.empty();
    } finally {
      lock.unlock();
    }
    try (Watch _ = lease.watch(listener)) {
      return listener.awaitEnd();
    } catch (IOException | RuntimeException e) {
      return String.valueOf(e.getMessage());
    } finally {
      listener.end("it is over");
    }
  }

  /** Hears one watch; what comes after its end is not heard. */
  private final class Listener
      implements Watcher<io.fabric8.kubernetes.api.model.coordination.v1.Lease> {
    private Optional<String> ended = Optional.empty();

    @Override
    public void eventReceived(
        Action action, io.fabric8.kubernetes.api.model.coordination.v1.Lease object) {
      if (action == Action.BOOKMARK || action == Action.ERROR || object == null) {
        return;
      }
      lock.lock();
      try {
        if (ended.isPresent()) {
          return;
        }
        boolean deleted = action == Action.DELETED;
        heardAt = System.nanoTime();
        told = Optional.of(deleted ? "" : LeaseObject.version(object));
        learnLocked(
            deleted ? Optional.empty() : Optional.of(object),
            object.getMetadata().getResourceVersion());
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onClose() {
      end("the watch was closed");
    }

    @Override
    public void onClose(WatcherException cause) {
      end(String.valueOf(cause.getMessage()));
    }

    /** From now on the lease is read from the API server; readers look at once. */
    void end(String why) {
      lock.lock();
      try {
        if (ended.isEmpty()) {
          ended = Optional.of(why);
          told = Optional.empty();
          signals++;
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    String awaitEnd() throws InterruptedException {
      lock.lock();
      try {
        while (ended.isEmpty() && !watchDistrusted && !closed) {
          changed.await();
        }
        return ended.orElse("it did not tell of a change");
      } finally {
        lock.unlock();
      }
    }
  }
}
