package dev.zonekeeper.agent.named;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * Has named write a zone to its file when the journal has grown a lot since it last did. A change
 * of role, and a start, load the file and then replay what the journal has beyond it, while clients
 * wait; BIND itself writes a changed zone after a quarter of an hour.
 *
 * <p>Not while named applies a long transfer: to write a zone it pauses all its threads, and those
 * wait for the one that applies (BIND 9.20), so that nothing is answered meanwhile.
 *
 * <p>"A lot" is as much as the file itself, so that no more is written twice than once.
 */
public final class JournalUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(JournalUpkeep.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** What some 1000 small updates take, which are replayed within 10 ms. */
  private static final long LEAST_GROWTH = 256 * 1024;

  /** A look at thousands of zones must not be all that the machine does. */
  private static final int REST = 100;

  private final NameServer server;
  private final ZoneFiles files;
  private final Supplier<Set<Name>> zones;
  private final BooleanSupplier busy;
  private final Map<Name, Long> sizeWhenSaved = new HashMap<>();

  /**
   * Makes it.
   *
   * @param zones those that may be saved now
   * @param busy whether named applies a long transfer, of whatever zone
   */
  public JournalUpkeep(
      NameServer server, ZoneFiles files, Supplier<Set<Name>> zones, BooleanSupplier busy) {
    this.server = server;
    this.files = files;
    this.zones = zones;
    this.busy = busy;
  }

  /** Goes on until interrupted. */
  public void run() throws InterruptedException {
    while (!Thread.interrupted()) {
      long begun = System.nanoTime();
      if (server.isRunning()) {
        look();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      Duration rest = took.multipliedBy(REST);
      Thread.sleep(rest.compareTo(LOOK_EVERY) > 0 ? rest : LOOK_EVERY);
    }
  }

  /** Looks at all zones once. */
  void look() {
    Set<Name> present = zones.get();
    sizeWhenSaved.keySet().retainAll(present);
    for (Name zone : present) {
      if (busy.getAsBoolean()) {
        return;
      }
      try {
        look(zone);
      } catch (IOException e) {
        LOG.debug("zone {}: its journal is not shortened now: {}", zone, e.getMessage());
      }
    }
  }

  private void look(Name zone) throws IOException {
    long size = files.journalSize(zone);
    long saved = sizeWhenSaved.getOrDefault(zone, 0L);
    if (size < saved) {
      sizeWhenSaved.put(zone, size); // BIND has shortened it
    } else if (size - saved >= LEAST_GROWTH && size - saved >= fileSize(zone)) {
      server.rndc().sync(zone);
      sizeWhenSaved.put(zone, size);
      LOG.debug("zone {}: written to its file after {} bytes of changes", zone, size - saved);
    }
  }

  private long fileSize(Name zone) throws IOException {
    Path file = files.file(zone);
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
