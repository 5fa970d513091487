package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Callable;

/** What something costs the thread that does it. */
final class Cost {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Far more than any message takes, and less than a machine that is busy can be blamed for. */
  private static final Duration FOREVER = Duration.ofSeconds(10);

  /** Jazzer's hooks take memory of their own. */
  private static final boolean INSTRUMENTED = System.getenv("JAZZER_FUZZ") != null;

  private Cost() {}

  /**
   * Does it, and fails if that takes forever or more memory.
   *
   * @param octets that it may allocate, freed or not
   */
  static <T> T atMost(long octets, Callable<T> deed) throws Exception {
    long begun = System.nanoTime();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    T result = deed.call();
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("time").isLessThan(FOREVER);
    if (!INSTRUMENTED) {
      assertThat(allocated).as("octets allocated").isLessThanOrEqualTo(octets);
    }
    return result;
  }
}
