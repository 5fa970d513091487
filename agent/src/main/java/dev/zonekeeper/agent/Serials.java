package dev.zonekeeper.agent;

import dev.zonekeeper.agent.local.LocalNamed;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * The serials that named serves, for whoever wants to know how the member is. Of a few zones they
 * are asked for each time. To ask for thousands takes longer than anybody waits, so then the answer
 * is that of an earlier time, and named is asked again meanwhile.
 */
final class Serials {
  private static final Logger LOG = LoggerFactory.getLogger(Serials.class);
  private static final int FEW = 200;

  /** After a look at all zones it rests so many times as long as that took, or 5 s. */
  private static final int REST = 20;

  private static final long LONGEST_REST = 5_000_000_000L;

  private final LocalNamed named;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Map<String, Long> last = Map.of();
  private volatile long notBefore = System.nanoTime();

  Serials(LocalNamed named) {
    this.named = named;
  }

  /** By zone, without the last dot; a zone that is not served is left out. */
  Map<String, Long> of(Set<Name> zones) {
    if (zones.size() <= FEW) {
      return ask(zones);
    }
    if (System.nanoTime() - notBefore >= 0 && asking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("serials").start(() -> askAll(zones));
    }
    return last;
  }

  private void askAll(Set<Name> zones) {
    try {
      long begun = System.nanoTime();
      last = ask(zones);
      long took = System.nanoTime() - begun;
      notBefore = System.nanoTime() + Math.min(REST * took, LONGEST_REST);
    } finally {
      asking.set(false);
    }
  }

  private Map<String, Long> ask(Set<Name> zones) {
    Map<String, Long> serials = new TreeMap<>();
    try {
      for (Name zone : zones) {
        named.soa(zone).ifPresent(soa -> serials.put(zone.toString(true), soa.getSerial()));
      }
    } catch (IOException e) {
      LOG.debug("named does not tell all serials", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return serials;
  }
}
