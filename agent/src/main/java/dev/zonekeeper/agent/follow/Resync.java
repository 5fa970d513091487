package dev.zonekeeper.agent.follow;

import dev.zonekeeper.agent.home.ResyncMarkers;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * Guards a zone through a full transfer, which takes the old data away before the new is safe: the
 * durable mark stands from before its first byte until named has written the zone to the disk.
 */
public final class Resync {
  private static final Logger LOG = LoggerFactory.getLogger(Resync.class);
  private static final Duration SAVE_LIMIT = Duration.ofSeconds(30);
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final ResyncMarkers markers;
  private final LocalZones named;
  private final Gate gate;
  private final Consumer<Name> onEnd;
  private final Map<Name, Integer> underWay = new HashMap<>();
  private final Map<Name, OptionalLong> toSave = new HashMap<>();
  private final Set<Name> saving = new HashSet<>();

  /** Asked, with the mark set, whether a full transfer may begin. */
  @FunctionalInterface
  public interface Gate {
    /**
     * Returns if it may.
     *
     * @throws IOException it may not, and why
     */
    void pass() throws IOException;
  }

  /**
   * Makes the guard.
   *
   * @param gate asked before each full transfer
   * @param onEnd told when a zone is safe again
   */
  public Resync(ResyncMarkers markers, LocalZones named, Gate gate, Consumer<Name> onEnd) {
    this.gate = gate;
    this.markers = markers;
    this.named = named;
    this.onEnd = onEnd;
  }

  /**
   * Sets the mark, before anything is taken away. Durable, and known to the election, when this
   * returns.
   *
   * @throws IOException the zone must not be taken away now
   */
  public synchronized void mark(Name zone) throws IOException {
    boolean wasMarked = markers.isSet(zone);
    if (!wasMarked) {
      markers.set(zone);
    }
    try {
      gate.pass();
    } catch (IOException e) {
      if (!wasMarked) {
        markers.remove(zone);
      }
      throw e;
    }
  }

  /**
   * The first byte of a full transfer is about to reach named.
   *
   * @throws IOException it must not begin now
   */
  public synchronized void begin(Name zone) throws IOException {
    mark(zone);
    underWay.merge(zone, 1, Integer::sum);
  }

  /**
   * A full transfer has ended.
   *
   * @param serial the serial it brought; empty when it broke off, and named may serve what it had
   */
  public synchronized void end(Name zone, OptionalLong serial) {
    underWay.computeIfPresent(zone, (z, n) -> n == 1 ? null : n - 1);
    toSave.put(zone, serial);
    if (saving.add(zone)) {
      Thread.ofVirtual().name("save-" + zone).start(() -> saveUntilSafe(zone));
    }
  }

  /** Whether the zone's data is not safe. */
  public boolean isUnderWay(Name zone) {
    return markers.isSet(zone);
  }

  private void saveUntilSafe(Name zone) {
    try {
      while (!saved(zone)) {
        Thread.sleep(AGAIN);
      }
      onEnd.accept(zone);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean saved(Name zone) throws InterruptedException {
    OptionalLong serial;
    synchronized (this) {
      serial = toSave.get(zone);
    }
    try {
      long at = named.save(zone, serial, SAVE_LIMIT);
      synchronized (this) {
        if (underWay.containsKey(zone) || !toSave.get(zone).equals(serial)) {
          return false;
        }
        markers.remove(zone);
        toSave.remove(zone);
        saving.remove(zone);
        LOG.info("zone {}: saved at serial {} after a full transfer", zone, at);
        return true;
      }
    } catch (IOException e) {
      LOG.info("zone {}: not saved yet after a full transfer: {}", zone, e.getMessage());
      return false;
    }
  }
}
