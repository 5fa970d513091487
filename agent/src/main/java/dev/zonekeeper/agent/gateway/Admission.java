package dev.zonekeeper.agent.gateway;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a bounded number of messages through at a time, in the order they came; a bounded number
 * waits, and whatever comes past that is turned away at once.
 */
final class Admission {

  /** The right to be at work; closed when the work is done. */
  final class Slot implements AutoCloseable {
    private boolean left;

    private Slot() {}

    /** Makes room for the next, before this is closed. */
    void leave() {
      if (!left) {
        left = true;
        slots.release();
      }
    }

    @Override
    public void close() {
      leave();
    }
  }

  /** As many wait as may. */
  static final class QueueFullException extends Exception {
    QueueFullException(int waiting) {
      super("too many messages are waiting: " + waiting);
    }
  }

  private final int inFlight;
  private final int maxWaiting;
  private final long maxWaitingBytes;
  private final Semaphore slots;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();

  /**
   * @param inFlight how many are let through at a time
   * @param maxWaiting how many may wait
   * @param maxWaitingBytes how many bytes those may have
   */
  Admission(int inFlight, int maxWaiting, long maxWaitingBytes) {
    this.inFlight = inFlight;
    this.maxWaiting = maxWaiting;
    this.maxWaitingBytes = maxWaitingBytes;
    this.slots = new Semaphore(inFlight, true);
  }

  /** Waits for a slot. */
  Slot enter(int bytes) throws QueueFullException, InterruptedException {
    if (waiting.get() == 0 && slots.tryAcquire()) {
      return new Slot();
    }
    try {
      int ahead = waiting.getAndIncrement();
      if (waitingBytes.addAndGet(bytes) > maxWaitingBytes || ahead >= maxWaiting) {
        throw new QueueFullException(ahead);
      }
      slots.acquire();
    } finally {
      waiting.decrementAndGet();
      waitingBytes.addAndGet(-bytes);
    }
    return new Slot();
  }

  int inFlight() {
    return inFlight - slots.availablePermits();
  }

  int waiting() {
    return waiting.get();
  }
}
