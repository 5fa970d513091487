package dev.zonekeeper.campaign.subject;

import dev.zonekeeper.campaign.fault.Injection;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets a {@code named} work for a part of the time only, in small pieces. */
final class Slowness {
  private static final int STANDS_MILLIS = 120;
  private static final int WORKS_MILLIS = 30;

  private Slowness() {}

  /** Sends a signal to it. */
  @FunctionalInterface
  interface Signals {
    /** Sends one, such as {@code STOP}. */
    void send(String signal) throws IOException, InterruptedException;
  }

  static Injection of(String target, Signals signals) {
    AtomicBoolean ended = new AtomicBoolean();
    Thread pulse = Thread.ofVirtual().start(() -> pulse(signals, ended));
    return new Injection(
        target,
        () -> {
          ended.set(true);
          pulse.join();
          signals.send("CONT");
        });
  }

  private static void pulse(Signals signals, AtomicBoolean ended) {
    try {
      while (!ended.get()) {
        signals.send("STOP");
        Thread.sleep(STANDS_MILLIS);
        signals.send("CONT");
        Thread.sleep(WORKS_MILLIS);
      }
    } catch (IOException failed) {
      ended.set(true);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
