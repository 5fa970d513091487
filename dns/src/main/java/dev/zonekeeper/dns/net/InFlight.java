package dev.zonekeeper.dns.net;

import java.util.concurrent.atomic.AtomicInteger;

/** A number of things and a number of bytes that may be there at a time. */
final class InFlight {

  private final int maxCount;
  private final int maxBytes;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger bytes = new AtomicInteger();

  InFlight(int maxCount, int maxBytes) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
  }

  boolean addMessage() {
    return add(count, 1, maxCount);
  }

  boolean addBytes(int more) {
    return add(bytes, more, maxBytes);
  }

  void removeMessage() {
    count.decrementAndGet();
  }

  void removeBytes(int fewer) {
    bytes.addAndGet(-fewer);
  }

  int messages() {
    return count.get();
  }

  private static boolean add(AtomicInteger counter, int more, int max) {
    boolean fits = counter.addAndGet(more) <= max;
    if (!fits) {
      counter.addAndGet(-more);
    }
    return fits;
  }
}
