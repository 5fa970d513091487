package dev.zonekeeper.bench.load;

import java.util.Map;
import java.util.TreeMap;
import org.xbill.DNS.Name;

/** A {@link Ledger} for each zone that was written to. Thread-safe. */
public final class Ledgers {
  private final Map<Name, Ledger> byZone = new TreeMap<>();

  /** Takes one result. */
  public synchronized void record(Result result) {
    byZone.computeIfAbsent(result.change().zone(), zone -> new Ledger()).record(result);
  }

  /** How many updates were acknowledged in all zones. */
  public synchronized long acknowledged() {
    return byZone.values().stream().mapToLong(Ledger::acknowledged).sum();
  }

  /** Those of the zones that somebody tried to change, by zone. */
  public synchronized Map<Name, Ledger> byZone() {
    return Map.copyOf(byZone);
  }
}
