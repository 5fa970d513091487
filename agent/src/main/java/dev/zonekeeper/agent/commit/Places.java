package dev.zonekeeper.agent.commit;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Places for so many at a time; whoever finds none is called when one is free, in the order they
 * came. At the beginning of a term every zone has news for every member: told of all at once, a
 * member would be too busy to confirm any in time.
 */
final class Places {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int free;

  Places(int free) {
    this.free = free;
  }

  /**
   * Takes a place if one is free.
   *
   * @param called run, when there was none, as soon as there is one, which is taken then already;
   *     must not block for long
   * @return whether a place was free
   */
  synchronized boolean enter(Runnable called) {
    if (free == 0) {
      waiting.add(called);
      return false;
    }
    free--;
    return true;
  }

  /** Gives a place back. To be called without any lock that {@code called} needs. */
  void leave() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        free++;
        return;
      }
    }
    next.run();
  }
}
