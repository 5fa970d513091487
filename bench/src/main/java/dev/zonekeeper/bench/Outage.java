package dev.zonekeeper.bench;

import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.LoadGenerator;
import dev.zonekeeper.bench.load.LoadSettings;
import dev.zonekeeper.bench.load.Result;
import dev.zonekeeper.bench.load.Tally;
import dev.zonekeeper.bench.load.Workload;
import java.io.IOException;
import java.time.Duration;
import org.xbill.DNS.Name;

/**
 * Something is done to a cluster while clients write.
 *
 * @param longestGapMillis the longest time without an acknowledgement at any client, from the
 *     moment it was done until writes had gone on for a while again
 * @param tally all updates of the round
 */
record Outage(double longestGapMillis, Tally tally) {
  private static final int CLIENTS = 16;
  private static final int NAMES_PER_CLIENT = 250;
  private static final int ACKNOWLEDGED_BEFORE = 300;
  private static final int ACKNOWLEDGED_AFTER = 1_000;
  private static final int ACKNOWLEDGED_BY_ONE = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * 16 clients that rewrite 250 names each: a zone that does not grow from round to round, because
   * named loads a zone anew when it changes its role.
   */
  static Workload workload(Name zone) {
    return Workload.rewriting(zone, "outage", NAMES_PER_CLIENT);
  }

  /** What round it is, in words. The first one warms up: its time does not count, its losses do. */
  static String round(int number) {
    return number == 0 ? "warm-up" : "round " + number;
  }

  /** What is done. */
  interface Deed {
    void run() throws IOException, InterruptedException;
  }

  /**
   * One round.
   *
   * @param target 16 clients are spread over its servers and go to the next one after an unknown
   *     outcome
   * @throws IOException if writes do not go on within a minute
   */
  static Outage during(Target target, Workload workload, Ledgers ledger, Deed deed)
      throws IOException, InterruptedException {
    return during(
        target.clients(CLIENTS).patience(Duration.ZERO, Duration.ofSeconds(5)).movingOn(),
        ACKNOWLEDGED_BEFORE,
        ACKNOWLEDGED_AFTER,
        workload,
        ledger,
        deed);
  }

  /**
   * The same with one client, which sends an update again when nothing came for 100 ms.
   *
   * @throws IOException if writes do not go on within a minute
   */
  static Outage ofOneWriter(Target target, Workload workload, Ledgers ledger, Deed deed)
      throws IOException, InterruptedException {
    return during(
        target.clients(1).patience(Duration.ofMillis(100), Duration.ofSeconds(5)).movingOn(),
        ACKNOWLEDGED_BY_ONE,
        ACKNOWLEDGED_BY_ONE,
        workload,
        ledger,
        deed);
  }

  /**
   * The same with other clients.
   *
   * @param before how many updates are acknowledged before it is done
   * @param after how many of those sent afterwards are
   */
  static Outage during(
      LoadSettings settings, int before, int after, Workload workload, Ledgers ledger, Deed deed)
      throws IOException, InterruptedException {
    Tally tally = new Tally();
    Watch watch = new Watch();
    try (LoadGenerator load =
        new LoadGenerator(
            settings,
            workload,
            result -> {
              tally.record(result);
              ledger.record(result);
              watch.record(result);
            })) {
      load.start();
      watch.await(before, "before anything was done");
      watch.begin();
      deed.run();
      watch.done();
      watch.await(after, "after it was done");
      load.stop(PATIENCE);
    }
    return new Outage(watch.longestGapMillis(), tally);
  }

  /** Looks at the acknowledgements as they come. */
  private static final class Watch {
    private long lastNanos;
    private long longestNanos;
    private long countedFromNanos = System.nanoTime();
    private int counted;

    /** From now on gaps count; the first one began with the last acknowledgement. */
    synchronized void begin() {
      longestNanos = 0;
    }

    /** Counts anew, and only updates that are sent from now on. */
    synchronized void done() {
      countedFromNanos = System.nanoTime();
      counted = 0;
    }

    synchronized void record(Result result) {
      if (!result.outcome().acknowledged()) {
        return;
      }
      longestNanos = Math.max(longestNanos, result.endNanos() - lastNanos);
      lastNanos = result.endNanos();
      if (result.startNanos() - countedFromNanos >= 0) {
        counted++;
        notifyAll();
      }
    }

    synchronized void await(int acknowledgements, String when)
        throws IOException, InterruptedException {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (counted < acknowledgements) {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          throw new IOException(
              "expected %d acknowledgements within %d s %s, found %d"
                  .formatted(acknowledgements, PATIENCE.toSeconds(), when, counted));
        }
        wait(millis);
      }
    }

    synchronized double longestGapMillis() {
      return longestNanos / 1e6;
    }
  }
}
