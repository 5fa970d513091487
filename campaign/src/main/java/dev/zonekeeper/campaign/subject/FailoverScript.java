package dev.zonekeeper.campaign.subject;

import dev.zonekeeper.campaign.load.ServerWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Name;

/**
 * What a careful administrator's script does: asks the primary for its SOA twice a second, and when
 * three questions in a row stay without an answer, promotes the secondary with the highest serial
 * and points all others to it. A server that comes back as a second primary is made a secondary,
 * and its zones are thrown away: it takes over those of the new primary.
 */
final class FailoverScript {
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final int MOST_MISSED = 3;

  private final List<PlainNamed> servers;
  private final Name zone;
  private volatile PlainNamed primary;
  private volatile boolean ended;
  private Thread thread;

  FailoverScript(List<PlainNamed> servers, Name zone) {
    this.servers = List.copyOf(servers);
    this.zone = zone;
    this.primary = servers.getFirst();
  }

  /** The one that clients are pointed to. */
  PlainNamed primary() {
    return primary;
  }

  /** Starts all servers, and begins to watch. */
  void begin() throws IOException {
    for (PlainNamed named : servers) {
      configure(named);
      named.start();
    }
    thread = Thread.ofVirtual().start(this::watch);
  }

  /** Ends to watch. */
  void end() {
    ended = true;
    if (thread != null) {
      try {
        thread.join();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Starts a server that has lost its zones: what nobody else has begins anew. */
  synchronized void startEmpty(PlainNamed named) throws IOException {
    if (named.equals(primary)) {
      named.seed();
    }
    configure(named);
    named.start();
  }

  private void configure(PlainNamed named) throws IOException {
    if (named.equals(primary)) {
      named.configurePrimary(servers.stream().filter(other -> !other.equals(named)).toList());
    } else {
      named.configureSecondary(primary);
    }
  }

  private void watch() {
    int missed = 0;
    try {
      while (!ended) {
        missed = ServerWatch.serial(primary.server(), zone).isPresent() ? 0 : missed + 1;
        if (missed >= MOST_MISSED && promote()) {
          missed = 0;
        }
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean promote() throws InterruptedException {
    PlainNamed old = primary;
    Optional<PlainNamed> best =
        servers.stream()
            .filter(named -> !named.equals(old))
            .filter(named -> ServerWatch.serial(named.server(), zone).isPresent())
            .max(
                Comparator.comparingLong(
                    named -> ServerWatch.serial(named.server(), zone).orElse(0)));
    if (best.isEmpty()) {
      return false;
    }
    try {
      primary = best.get();
      old.kill();
      old.wipe();
      for (PlainNamed named : servers) {
        configure(named);
        named.reconfigure();
      }
      old.start();
    } catch (IOException failed) {
      return false;
    }
    return true;
  }
}
