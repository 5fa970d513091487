package dev.zonekeeper.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When this process is asked to end (SIGINT, SIGTERM), interrupts a thread and waits until it has
 * ended the processes that it started.
 */
final class CleanEnd {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final CountDownLatch reached = new CountDownLatch(1);
  private final Thread hook;

  private CleanEnd(Thread worker) {
    hook = new Thread(() -> endOf(worker), "clean-end");
  }

  /** From now on. */
  static CleanEnd of(Thread worker) {
    CleanEnd end = new CleanEnd(worker);
    Runtime.getRuntime().addShutdownHook(end.hook);
    return end;
  }

  /** The thread has cleared up. */
  void reached() {
    reached.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      assert reached.getCount() == 0 : "the hook is running and has just been told";
    }
  }

  private void endOf(Thread worker) {
    worker.interrupt();
    try {
      boolean cleared = reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!cleared) {
        System.err.println("Processes may be left behind: clearing up took too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
