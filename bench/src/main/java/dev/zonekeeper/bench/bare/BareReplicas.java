package dev.zonekeeper.bench.bare;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.xbill.DNS.Name;

/** A primary and ordinary secondaries that it notifies and that pull by IXFR. */
public final class BareReplicas implements AutoCloseable {
  private static final Duration STANDS_STILL = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final BareNamed primary;
  private final List<BareNamed> secondaries;
  private final TsigKey key;

  private BareReplicas(BareNamed primary, List<BareNamed> secondaries, TsigKey key) {
    this.primary = primary;
    this.secondaries = secondaries;
    this.key = key;
  }

  /**
   * Starts them all; returns when each serves the zone.
   *
   * @param folder for their folders
   * @param fromPort the first port to try, 0 for any
   */
  public static BareReplicas start(
      Path folder, int fromPort, Name zone, TsigKey key, BareNamed.Tuning tuning, int secondaries)
      throws IOException, InterruptedException {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < secondaries; i++) {
      ports.add(FreePort.find(fromPort == 0 ? 0 : fromPort + 10 * (i + 1)));
    }
    BareNamed primary =
        BareNamed.primary(
            folder.resolve("primary"),
            FreePort.find(fromPort),
            zone,
            key,
            tuning,
            ports.stream().map(FreePort::loopback).toList());
    List<BareNamed> started = new ArrayList<>();
    BareReplicas replicas = new BareReplicas(primary, started, key);
    try {
      for (int i = 0; i < secondaries; i++) {
        started.add(
            BareNamed.secondary(
                folder.resolve("secondary-" + i), ports.get(i), zone, key, tuning, primary.dns()));
      }
    } catch (IOException | InterruptedException e) {
      replicas.close();
      throw e;
    }
    return replicas;
  }

  /** The one that takes updates. */
  public BareNamed primary() {
    return primary;
  }

  /** The others. */
  public List<BareNamed> secondaries() {
    return List.copyOf(secondaries);
  }

  /**
   * The primary is gone with its data: kills it with signal 9 and deletes its folder. Returns when
   * its secondaries' serials stand still, since what has been sent to them may still be on its way.
   */
  public void losePrimary() throws IOException, InterruptedException {
    primary.close();
    try (Stream<Path> tree = Files.walk(primary.folder())) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    long since = System.nanoTime();
    List<OptionalLong> before = List.of();
    while (System.nanoTime() - since < STANDS_STILL.toNanos()) {
      List<OptionalLong> now = secondaries.stream().map(BareNamed::serial).toList();
      if (!now.equals(before)) {
        before = now;
        since = System.nanoTime();
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  /**
   * Makes the secondary with the highest serial the primary. The others are not told.
   *
   * @return the new primary; it takes updates a moment later
   */
  public BareNamed promote() throws IOException, InterruptedException {
    BareNamed best = secondaries.getFirst();
    for (BareNamed secondary : secondaries) {
      if (secondary.serial().orElse(-1) > best.serial().orElse(-1)) {
        best = secondary;
      }
    }
    best.promote(key);
    return best;
  }

  /** Kills all. */
  @Override
  public void close() {
    primary.close();
    secondaries.forEach(BareNamed::close);
  }
}
