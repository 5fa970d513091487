package dev.zonekeeper.agent.gateway;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says in the log why clients got SERVFAIL: each reason at once when it is new, and then at most
 * once in a while, with how many there were. Thread-safe.
 */
final class FailureLog {
  private static final Duration SAID_AGAIN_AFTER = Duration.ofSeconds(10);
  private static final int MOST_REASONS = 100;

  private static final class Reason {
    private long saidAt;
    private long unsaid;
  }

  private final Consumer<String> log;
  private final LongSupplier nanoTime;
  private final Map<String, Reason> reasons =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Reason> eldest) {
          return size() > MOST_REASONS;
        }
      };

  /**
   * Makes it.
   *
   * @param log takes a line
   */
  FailureLog(Consumer<String> log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  /** A client gets SERVFAIL, for that reason. */
  synchronized void failed(String why) {
    long now = nanoTime.getAsLong();
    Reason reason = reasons.get(why);
    boolean isNew = reason == null;
    if (isNew) {
      reason = new Reason();
      reasons.put(why, reason);
    }
    if (isNew || now - reason.saidAt >= SAID_AGAIN_AFTER.toNanos()) {
      String more = reason.unsaid == 0 ? "" : " (and " + reason.unsaid + " more since the last)";
      log.accept("a client gets SERVFAIL: " + why + more);
      reason.saidAt = now;
      reason.unsaid = 0;
    } else {
      reason.unsaid++;
    }
  }
}
