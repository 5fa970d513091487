package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.dns.KeyRing;
import java.util.function.Supplier;

/**
 * The clients' keys of the moment; read again when the cluster file, or one of them, has changed.
 */
final class ClientKeys {
  private final Supplier<ClusterFile> cluster;
  private ClusterFile readFrom;
  private KeyRing ring = KeyRing.of(java.util.List.of());

  ClientKeys(Supplier<ClusterFile> cluster) {
    this.cluster = cluster;
  }

  /** The source hands out another object when a key file has changed, and nothing else. */
  @SuppressWarnings("ReferenceEquality")
  synchronized KeyRing ring() {
    ClusterFile now = cluster.get();
    if (now != readFrom) {
      ring = KeyRing.of(ZonePlan.of(now).keys());
      readFrom = now;
    }
    return ring;
  }
}
