package dev.zonekeeper.campaign.subject;

import dev.zonekeeper.campaign.fault.Injection;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets a {@code named} work for a part of the time only, in small pieces. */
final class Slowness {
  private static final int STANDS_MILLIS = 120;
  private static final int WORKS_MILLIS = 30;

  private Slowness() {}

  static Injection of(Member member) {
    AtomicBoolean ended = new AtomicBoolean();
    Thread pulse = Thread.ofVirtual().start(() -> pulse(member, ended));
    return new Injection(
        member.leads() ? member.name() + " (leader)" : member.name(),
        () -> {
          ended.set(true);
          pulse.join();
          member.signal("CONT", Member.What.NAMED);
        });
  }

  private static void pulse(Member member, AtomicBoolean ended) {
    try {
      while (!ended.get()) {
        member.signal("STOP", Member.What.NAMED);
        Thread.sleep(STANDS_MILLIS);
        member.signal("CONT", Member.What.NAMED);
        Thread.sleep(WORKS_MILLIS);
      }
    } catch (IOException failed) {
      ended.set(true);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
