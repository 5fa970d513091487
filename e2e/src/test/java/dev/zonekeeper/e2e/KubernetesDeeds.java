package dev.zonekeeper.e2e;

import java.time.Duration;
import java.time.Instant;

/**
 * Does things to a cluster in pods while clients write, and looks at its members one by one
 * afterwards: all that was acknowledged is there, and all hold the same. At the end it prints how
 * long writes stopped each time.
 */
final class KubernetesDeeds implements AutoCloseable {
  /** So many updates are acknowledged before a deed, and as many after it. */
  private static final int SOME = 100;

  private final KubernetesExtension extension;
  private final WriteGaps gaps = new WriteGaps();

  KubernetesDeeds(KubernetesExtension extension) {
    this.extension = extension;
  }

  /** What is done to the cluster. */
  interface Deed {
    void run(KubernetesRelease cluster, String leader);
  }

  Writers whileClientsWrite(String what, Deed deed) {
    KubernetesRelease cluster = extension.release();
    String leader = cluster.awaitWhole();
    try (Writers writers = cluster.writers()) {
      writers.awaitMore(SOME);
      Instant before = Instant.now();
      deed.run(cluster, leader);
      writers.awaitMore(SOME);
      cluster.awaitWhole();
      Duration gap = writers.longestGapSince(before);
      writers.stop();
      gaps.add(what, gap, writers);
      writers.assertNothingLost(cluster.equalCopies());
      return writers;
    }
  }

  /** A line below the table of gaps. */
  void note(String line) {
    gaps.note(line);
  }

  @Override
  public void close() {
    gaps.close();
  }
}
