package dev.zonekeeper.bench.bare;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Sees when each of some servers had reached a serial. Asks them for it 50 times a second. */
public final class SerialWatch implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  /** What one server answers. */
  private static final class Seen {
    private final BareNamed server;
    private OptionalLong serial = OptionalLong.empty();
    private long sinceNanos;

    Seen(BareNamed server) {
      this.server = server;
    }
  }

  private final List<Seen> all;
  private final Thread thread;
  private volatile boolean ended;

  /** Begins to look. */
  public SerialWatch(List<BareNamed> servers) {
    all = servers.stream().map(Seen::new).toList();
    thread = Thread.ofVirtual().start(this::look);
  }

  private void look() {
    try {
      while (!ended) {
        for (Seen seen : all) {
          OptionalLong serial = seen.server.serial();
          synchronized (this) {
            if (!serial.equals(seen.serial)) {
              seen.serial = serial;
              seen.sinceNanos = System.nanoTime();
              notifyAll();
            }
          }
        }
        Thread.sleep(LOOK_AGAIN);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until all have the serial.
   *
   * @return when the last of them was first seen with it, {@link System#nanoTime()}
   * @throws IOException if one has not in time
   */
  public synchronized long await(OptionalLong serial, Duration atMost)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (Seen seen : all) {
      while (!seen.serial.equals(serial)) {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          throw new IOException(
              "expected serial %s at %s within %d s, found %s"
                  .formatted(serial, seen.server.dns(), atMost.toSeconds(), seen.serial));
        }
        wait(millis);
      }
    }
    return all.stream()
        .mapToLong(seen -> seen.sinceNanos)
        .reduce((a, b) -> a - b > 0 ? a : b)
        .orElseThrow();
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
