package dev.zonekeeper.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that must run as long as the member does. */
final class Threads {
  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

  /** What a thread does until it is interrupted. */
  @FunctionalInterface
  interface Work {
    void run() throws InterruptedException;
  }

  private final List<Thread> running = new ArrayList<>();
  private volatile Optional<String> dead = Optional.empty();
  private volatile boolean stopping;

  void start(String name, Work work) {
    running.add(Thread.ofVirtual().name(name).start(() -> run(name, work)));
  }

  private void run(String name, Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("thread {} has ended", name, e);
    }
    if (!stopping) {
      dead = Optional.of("thread " + name + " has ended");
    }
  }

  /** Why this process does not work any more, if so. */
  Optional<String> dead() {
    return dead;
  }

  void stop() {
    stopping = true;
    running.forEach(Thread::interrupt);
  }
}
