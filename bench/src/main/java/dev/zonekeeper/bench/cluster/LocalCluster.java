package dev.zonekeeper.bench.cluster;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A cluster of {@code zonekeeper local} in a folder. */
public final class LocalCluster implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final Duration WHOLE = Duration.ofMinutes(5);

  private final ZonekeeperCommand zonekeeper;
  private final Path folder;

  private LocalCluster(ZonekeeperCommand zonekeeper, Path folder) {
    this.zonekeeper = zonekeeper;
    this.folder = folder;
  }

  /**
   * Makes and starts a cluster and waits until it is whole.
   *
   * @param zones at least one
   */
  public static LocalCluster up(
      ZonekeeperCommand zonekeeper,
      Path folder,
      int basePort,
      int primaries,
      int secondaries,
      List<String> zones)
      throws IOException, InterruptedException {
    List<String> up = new ArrayList<>(List.of("local", "up", "--dir", folder.toString()));
    up.addAll(List.of("--base-port", String.valueOf(basePort)));
    up.addAll(List.of("--primaries", String.valueOf(primaries)));
    up.addAll(List.of("--secondaries", String.valueOf(secondaries)));
    for (String zone : zones) {
      up.addAll(List.of("--zone", zone));
    }
    LocalCluster cluster = new LocalCluster(zonekeeper, folder);
    try {
      zonekeeper.run(up);
      cluster.await("the cluster is whole", WHOLE, ClusterStatus::whole);
    } catch (IOException | InterruptedException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /** How it is now. */
  public ClusterStatus status() throws IOException, InterruptedException {
    return ClusterStatus.parse(
        zonekeeper.run(List.of("local", "status", "--json", "--dir", folder.toString())));
  }

  /** The clients' key. */
  public TsigKey key() throws IOException, InterruptedException {
    return TsigKey.read(Path.of(status().keyFile())).getFirst();
  }

  /**
   * Asks for the status until it is as wanted.
   *
   * @param wanted in words, for the error
   * @return the status that was as wanted
   * @throws IOException if it is not in time
   */
  public ClusterStatus await(String wanted, Duration atMost, Predicate<ClusterStatus> condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      ClusterStatus status = status();
      if (condition.test(status)) {
        return status;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "expected within "
                + atMost.toSeconds()
                + " s that "
                + wanted
                + "; "
                + status.inWords());
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  /** Waits until all members are healthy and in sync. */
  public ClusterStatus awaitWhole() throws IOException, InterruptedException {
    return await("the cluster is whole", WHOLE, ClusterStatus::whole);
  }

  /**
   * Adopts a zone from a file, and returns when all members serve it.
   *
   * @param zone without the last dot
   */
  public void addZone(String zone, Path file) throws IOException, InterruptedException {
    zonekeeper.run(
        List.of("zone", "add", zone, "--file", file.toString(), "--dir", folder.toString()));
  }

  /** Starts a member that was killed. */
  public void start(String member) throws IOException, InterruptedException {
    zonekeeper.run(List.of("local", "start", member, "--dir", folder.toString()));
  }

  /** Stops a member, if it runs, and throws its disk away. */
  public void wipe(String member) throws IOException, InterruptedException {
    zonekeeper.run(List.of("local", "wipe", member, "--dir", folder.toString()));
  }

  /** Lets another member of the cluster's choice lead. */
  public void switchover() throws IOException, InterruptedException {
    zonekeeper.run(List.of("switchover", "--dir", folder.toString()));
  }

  /** Stops it; the folder stays. */
  @Override
  public void close() throws IOException {
    try {
      zonekeeper.run(List.of("local", "down", "--dir", folder.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
