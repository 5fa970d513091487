package dev.zonekeeper.kubernetes;

import java.time.Duration;

/** The pause before what failed is tried again: twice as long each time. */
final class Pause {
  private final Duration shortest;
  private final Duration longest;
  private Duration next;

  Pause(Duration shortest, Duration longest) {
    this.shortest = shortest;
    this.longest = longest;
    this.next = shortest;
  }

  /** It worked: the next pause is the shortest. */
  void shorten() {
    next = shortest;
  }

  void take() throws InterruptedException {
    Thread.sleep(next);
    next = next.multipliedBy(2);
    if (next.compareTo(longest) > 0) {
      next = longest;
    }
  }
}
