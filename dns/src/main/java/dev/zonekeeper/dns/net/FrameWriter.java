package dev.zonekeeper.dns.net;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The writing half of a TCP connection. Many threads hand over messages; one virtual thread, which
 * lives as long as there is something to write, gathers what has come together into one write. So
 * nobody who hands a message over waits for a peer that does not read, except where {@link #put}
 * says so.
 */
final class FrameWriter {

  /** A message on its way out. */
  interface Outgoing {
    byte[] message();

    /** Called right before the first byte is written. False: it is withdrawn, write none of it. */
    default boolean begin() {
      return true;
    }
  }

  private static final int MAX_BATCH = 64 * 1024;

  private final OutputStream out;
  private final int maxWaiting;
  private final Consumer<IOException> onFailure;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition space = lock.newCondition();
  private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private boolean running;
  private boolean closed;
  private volatile long writingSince;

  /**
   * @param maxWaiting how many bytes may wait before {@link #put} blocks
   * @param onFailure called once when a write fails, on the writing thread
   */
  FrameWriter(OutputStream out, int maxWaiting, Consumer<IOException> onFailure) {
    this.out = out;
    this.maxWaiting = maxWaiting;
    this.onFailure = onFailure;
  }

  /** Hands a message over and returns at once; what becomes of it, its {@code begin} will hear. */
  void offer(Outgoing frame) {
    lock.lock();
    try {
      if (!closed) {
        add(frame);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands a message over as soon as there is room for it.
   *
   * @throws IOException the connection is closed
   */
  void put(byte[] message) throws IOException, InterruptedException {
    TcpFrames.requireFits(message);
    lock.lock();
    try {
      while (waitingBytes >= maxWaiting && !closed) {
        space.await();
      }
      if (closed) {
        throw new IOException("the connection is closed");
      }
      add(() -> message);
    } finally {
      lock.unlock();
    }
  }

  /** When the write that is under way began, in nanoseconds of the system's timer; 0: none is. */
  long writingSince() {
    return writingSince;
  }

  /** Whether everything handed over has been written. */
  boolean idle() {
    lock.lock();
    try {
      return !running;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything handed over has been written, or the connection is closed. */
  void awaitWritten() throws InterruptedException {
    lock.lock();
    try {
      while (running && !closed) {
        space.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what waits and takes nothing more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      space.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void add(Outgoing frame) {
    waiting.add(frame);
    waitingBytes += frame.message().length;
    if (!running) {
      running = true;
      Thread.ofVirtual().name("dns-writer").start(this::drain);
    }
  }

  private void drain() {
    try {
      for (var batch = next(); !batch.isEmpty(); batch = next()) {
        write(batch);
      }
    } catch (IOException e) {
      close();
      onFailure.accept(e);
    }
  }

  /** What is to be written next, as much as goes into one write; empty: this thread's work ends. */
  private List<Outgoing> next() {
    lock.lock();
    try {
      List<Outgoing> batch = new ArrayList<>(waiting.size());
      int bytes = 0;
      while (!waiting.isEmpty() && bytes < MAX_BATCH) {
        Outgoing frame = waiting.poll();
        bytes += frame.message().length;
        batch.add(frame);
      }
      waitingBytes -= bytes;
      space.signalAll();
      running = !batch.isEmpty();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Outgoing> batch) throws IOException {
    batch.removeIf(frame -> !frame.begin());
    byte[] buffer = new byte[batch.stream().mapToInt(frame -> frame.message().length + 2).sum()];
    int end = 0;
    for (Outgoing frame : batch) {
      end = TcpFrames.put(frame.message(), buffer, end);
    }
    writingSince = System.nanoTime() | 1;
    out.write(buffer);
    writingSince = 0;
  }
}
