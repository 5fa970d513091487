package dev.zonekeeper.agent.gateway;

import java.time.Duration;

/** A leadership that the test decides on. */
final class FakeLeadership implements Leadership {

  private View view = new Nobody("the test has not chosen yet");
  private int waiting;

  synchronized void is(View next) {
    view = next;
    notifyAll();
  }

  /** How many threads wait for another view now. */
  synchronized int waiting() {
    return waiting;
  }

  @Override
  public synchronized View now() {
    return view;
  }

  @Override
  public synchronized View awaitOther(View seen, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    waiting++;
    try {
      long left = atMost.toNanos();
      while (view.equals(seen) && left > 0) {
        wait(left / 1_000_000, (int) (left % 1_000_000));
        left = deadline - System.nanoTime();
      }
      return view;
    } finally {
      waiting--;
    }
  }
}
