package dev.zonekeeper.agent.follow;

import dev.zonekeeper.agent.home.ResyncMarkers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * Guards a zone through a full transfer, which takes the old data away before the new is safe: the
 * mark stands from before its first byte until named has written the zone to the disk.
 */
public final class Resync {
  private static final Logger LOG = LoggerFactory.getLogger(Resync.class);
  private static final Duration SAVE_LIMIT = Duration.ofSeconds(30);

  /** Zones that are being transferred or saved: named writes one zone at a time. */
  private static final int MOST_AT_A_TIME = 64;

  /** How long one waits for the others; named asks again when it was in vain. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private final ResyncMarkers markers;
  private final LocalZones named;
  private final Gate gate;
  private final Consumer<Name> onEnd;
  private final Map<Name, Guarded> zones = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(MOST_AT_A_TIME, true);

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
   * Sets the mark, before anything is taken away. When this returns it is known to the election,
   * and durable if the zone has data on the disk.
   *
   * @throws IOException the zone must not be taken away now
   */
  public void mark(Name zone) throws IOException {
    guarded(zone).mark();
  }

  /**
   * The first byte of a full transfer is about to reach named.
   *
   * @throws IOException it must not begin now
   */
  public Transfer begin(Name zone) throws IOException {
    try {
      if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(MOST_AT_A_TIME + " other zones are not saved yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    try {
      Guarded guarded = guarded(zone);
      guarded.begin();
      return new Transfer(guarded);
    } catch (IOException e) {
      places.release();
      throw e;
    }
  }

  /** Whether the zone's data is not safe. */
  public boolean isUnderWay(Name zone) {
    return markers.isSet(zone);
  }

  private Guarded guarded(Name zone) {
    return zones.computeIfAbsent(zone, Guarded::new);
  }

  /**
   * One full transfer. While nobody says that it has {@link #ended} the mark stands, for good if it
   * must be.
   */
  public final class Transfer {
    private final Guarded zone;

    private Transfer(Guarded zone) {
      this.zone = zone;
    }

    /** Nothing more of it will be passed on to named, which may still have to take it over. */
    public void passed() {
      places.release();
    }

    /** It is over for named, too: what it serves now it will serve, new or as it was before. */
    public void ended() {
      zone.end();
    }
  }

  /** One zone, and the transfers of it that are under way. */
  private final class Guarded {
    private final Name zone;
    private int underWay;
    private long ended;
    private boolean saving;

    Guarded(Name zone) {
      this.zone = zone;
    }

    synchronized void mark() throws IOException {
      boolean wasMarked = markers.isSet(zone);
      if (!wasMarked) {
        if (named.hasData(zone)) {
          markers.set(zone);
        } else {
          markers.setWithoutData(zone);
        }
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

    synchronized void begin() throws IOException {
      mark();
      underWay++;
    }

    synchronized void end() {
      underWay--;
      ended++;
      if (!saving) {
        saving = true;
        Thread.ofVirtual().name("save-" + zone).start(this::saveUntilSafe);
      }
    }

    private void saveUntilSafe() {
      try {
        Duration pause = FIRST_PAUSE;
        while (!isSaved()) {
          Thread.sleep(pause);
          pause = pause.multipliedBy(2);
          pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        }
        onEnd.accept(zone);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private boolean isSaved() throws InterruptedException {
      places.acquire();
      try {
        long as = transfersEnded();
        long serial = named.save(zone, SAVE_LIMIT);
        return safeAt(serial, as);
      } catch (IOException e) {
        LOG.info("zone {}: not saved yet after a full transfer: {}", zone, e.getMessage());
        return false;
      } finally {
        places.release();
      }
    }

    private synchronized long transfersEnded() {
      return ended;
    }

    /** Whether this was all, and no other full transfer has begun or ended meanwhile. */
    private synchronized boolean safeAt(long serial, long endedBefore) throws IOException {
      if (underWay > 0 || ended != endedBefore) {
        return false;
      }
      markers.remove(zone);
      saving = false;
      LOG.info("zone {}: saved at serial {} after a full transfer", zone, serial);
      return true;
    }
  }
}
