package dev.zonekeeper.agent.named;

import dev.zonekeeper.agent.config.QueryLog;
import dev.zonekeeper.dns.TsigKey;
import java.util.List;
import java.util.Optional;

/**
 * What a named serves, in either role.
 *
 * @param keys those that clients sign with
 * @param queryLog whether it logs each query; empty for no
 */
public record Serving(List<ZoneSpec> zones, List<TsigKey> keys, Optional<QueryLog> queryLog) {
  /** Takes copies of the lists. */
  public Serving {
    zones = List.copyOf(zones);
    keys = List.copyOf(keys);
  }

  /** Without a log of queries. */
  public Serving(List<ZoneSpec> zones, List<TsigKey> keys) {
    this(zones, keys, Optional.empty());
  }
}
