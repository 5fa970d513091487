package dev.zonekeeper.bench.bare;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Name;

/** A primary and ordinary secondaries that it notifies and that pull by IXFR. */
public final class BareReplicas implements AutoCloseable {
  private final BareNamed primary;
  private final List<BareNamed> secondaries;

  private BareReplicas(BareNamed primary, List<BareNamed> secondaries) {
    this.primary = primary;
    this.secondaries = secondaries;
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
    BareReplicas replicas = new BareReplicas(primary, started);
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

  /** Kills all. */
  @Override
  public void close() {
    primary.close();
    secondaries.forEach(BareNamed::close);
  }
}
