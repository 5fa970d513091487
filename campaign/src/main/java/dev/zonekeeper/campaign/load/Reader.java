package dev.zonekeeper.campaign.load;

import dev.zonekeeper.campaign.check.SerialWatch;
import dev.zonekeeper.campaign.history.Action;
import dev.zonekeeper.campaign.history.Action.Age;
import dev.zonekeeper.campaign.history.History;
import dev.zonekeeper.campaign.history.Operation;
import dev.zonekeeper.campaign.history.Outcome;
import dev.zonekeeper.campaign.history.Register;
import java.util.List;
import java.util.random.RandomGenerator;
import org.xbill.DNS.Name;

/** One client that asks one server for names that somebody writes to, and for serials. */
final class Reader implements Runnable {
  private static final int MOST_PAUSE_MILLIS = 60;
  private static final int SERIAL_PERCENT = 20;

  private final QueryClient client;
  private final Age age;
  private final List<Names> names;
  private final List<Name> zones;
  private final History history;
  private final SerialWatch serials;
  private final RandomGenerator random;
  private final long originNanos;
  private volatile boolean ended;

  Reader(
      QueryClient client,
      Age age,
      List<Names> names,
      List<Name> zones,
      History history,
      SerialWatch serials,
      RandomGenerator random,
      long originNanos) {
    this.client = client;
    this.age = age;
    this.names = List.copyOf(names);
    this.zones = List.copyOf(zones);
    this.history = history;
    this.serials = serials;
    this.random = random;
    this.originNanos = originNanos;
  }

  void end() {
    ended = true;
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        if (random.nextInt(100) < SERIAL_PERCENT) {
          askSerial();
        } else {
          askText();
        }
        Thread.sleep(random.nextInt(MOST_PAUSE_MILLIS));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void askSerial() {
    Name zone = zones.get(random.nextInt(zones.size()));
    client
        .serial(zone)
        .ifPresent(serial ->
            serials.seen(
                client.server().name(),
                zone.toString(true),
                serial,
                System.nanoTime() - originNanos));
  }

  private void askText() {
    Register register = names.get(random.nextInt(names.size())).anyRecent(random);
    String server = client.server().name();
    long start = System.nanoTime();
    client
        .text(register.name())
        .ifPresent(seen ->
            history.add(
                register,
                new Operation(
                    "reader",
                    server,
                    start,
                    System.nanoTime(),
                    new Action.Read(seen, age),
                    Outcome.ACKNOWLEDGED,
                    "")));
  }
}
