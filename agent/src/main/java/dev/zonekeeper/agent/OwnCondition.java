package dev.zonekeeper.agent;

import dev.zonekeeper.core.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the election how this member is: whether named answers, the disk can be used, the data is
 * whole.
 */
final class OwnCondition {
  private static final Logger LOG = LoggerFactory.getLogger(OwnCondition.class);
  private static final Duration ROOM_LOOK = Duration.ofMillis(500);
  private static final long LEAST_ROOM = 1 << 20;

  private final MemberParts parts;
  private final NamedKeeper named;
  private final Consumer<Event> election;
  private volatile boolean diskFails;
  private boolean room = true;
  private long roomLookedAt = System.nanoTime() - ROOM_LOOK.toNanos();
  private Optional<Long> progress = Optional.empty();
  private Event.LocalState reported = new Event.LocalState(false, false, false, Optional.empty());

  OwnCondition(MemberParts parts, NamedKeeper named, Consumer<Event> election) {
    this.parts = parts;
    this.named = named;
    this.election = election;
  }

  /** The data folder could be written, or not. */
  void diskFails(boolean fails) {
    diskFails = fails;
  }

  /** The sum of the zones' serials as of now; empty when not all are known. */
  synchronized void progress(Optional<Long> sum) {
    progress = sum;
    report();
  }

  /** Reports, if anything has changed. */
  synchronized void report() {
    try {
      boolean healthy = named.isHealthy() && !diskFails && hasRoom();
      Event.LocalState now =
          new Event.LocalState(
              healthy,
              healthy && parts.home().markers().isEmpty(),
              parts.home().isFresh(),
              progress);
      if (!now.equals(reported)) {
        reported = now;
        election.accept(now);
      }
    } catch (IOException e) {
      LOG.error("the data folder cannot be read: {}", e.getMessage());
    }
  }

  /** A full disk shows before named runs into it: the member hands over while it still can. */
  private boolean hasRoom() throws IOException {
    long now = System.nanoTime();
    if (now - roomLookedAt > ROOM_LOOK.toNanos()) {
      roomLookedAt = now;
      boolean had = room;
      room = Files.getFileStore(parts.settings().data()).getUsableSpace() >= LEAST_ROOM;
      if (had && !room) {
        LOG.error(
            "less than {} bytes are free on the disk of {}", LEAST_ROOM, parts.settings().data());
      }
    }
    return room;
  }
}
