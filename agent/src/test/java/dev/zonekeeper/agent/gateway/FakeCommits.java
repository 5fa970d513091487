package dev.zonekeeper.agent.gateway;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.Name;

/** Commits that happen when the test says so; at first they happen at once. */
final class FakeCommits implements Commits {

  private boolean held;
  private Optional<String> failure = Optional.empty();
  private Optional<String> refusal = Optional.empty();
  private int waiting;
  private final AtomicInteger atNamed = new AtomicInteger();
  private final Map<Name, Integer> applied = new ConcurrentHashMap<>();
  private final Map<Name, Long> awaited = new ConcurrentHashMap<>();

  /** From now on nothing is committed. */
  synchronized void hold() {
    held = true;
  }

  /** All is committed. */
  synchronized void release() {
    held = false;
    notifyAll();
  }

  /** What waits, and what comes, will not be committed. */
  synchronized void fail(String why) {
    failure = Optional.of(why);
    notifyAll();
  }

  /** Updates may not be handed to named. */
  synchronized void refuse(String why) {
    refusal = Optional.of(why);
  }

  synchronized int waiting() {
    return waiting;
  }

  /** Updates that are at named. */
  int atNamed() {
    return atNamed.get();
  }

  int applied(Name zone) {
    return applied.getOrDefault(zone, 0);
  }

  Optional<Long> awaitedSerial(Name zone) {
    return Optional.ofNullable(awaited.get(zone));
  }

  @Override
  public synchronized Applying applying(Name zone) throws NotCommittedException {
    if (refusal.isPresent()) {
      throw new NotCommittedException(refusal.get());
    }
    applied.merge(zone, 1, Integer::sum);
    atNamed.incrementAndGet();
    return new Applying() {
      private boolean left;

      @Override
      public void close() {
        leaveNamed();
      }

      private void leaveNamed() {
        if (!left) {
          left = true;
          atNamed.decrementAndGet();
        }
      }

      @Override
      public long settle() throws NotCommittedException, InterruptedException {
        leaveNamed();
        awaitRelease();
        return System.nanoTime();
      }
    };
  }

  @Override
  public synchronized void settleForRead(Name zone)
      throws NotCommittedException, InterruptedException {
    awaitRelease();
  }

  @Override
  public synchronized void awaitCommitted(Name zone, long serial)
      throws NotCommittedException, InterruptedException {
    awaited.put(zone, serial);
    awaitRelease();
  }

  private synchronized void awaitRelease() throws NotCommittedException, InterruptedException {
    waiting++;
    try {
      while (held && failure.isEmpty()) {
        wait();
      }
    } finally {
      waiting--;
    }
    if (failure.isPresent()) {
      throw new NotCommittedException(failure.get());
    }
  }
}
