package dev.zonekeeper.agent.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Where the time of an update goes at the leader, from its arrival to its commit. */
final class Stations {

  /** What an update waits for, one after the other. */
  enum Station {
    /** A place at named, and, with the first update of an epoch, the raised serial. */
    QUEUE,
    /** named's answer: the update is in the leader's journal. */
    NAMED,
    /**
     * The leader reads from named what has changed; others may be waited for, to share the rest.
     */
    READ,
    /** Every in-sync member has confirmed. */
    CONFIRM
  }

  private final Map<Station, Timer> timers = new EnumMap<>(Station.class);

  Stations(MeterRegistry registry) {
    for (Station station : Station.values()) {
      timers.put(
          station,
          Timer.builder("zonekeeper_update_station_seconds")
              .description("What an update that the leader took waited for, and how long")
              .tag("station", station.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  /** An update has arrived. */
  Stopwatch start() {
    return new Stopwatch();
  }

  /** One update on its way. */
  final class Stopwatch {
    private long last = System.nanoTime();

    /** The update is through. */
    void passed(Station station) {
      passedAt(station, System.nanoTime());
    }

    /**
     * The update was through at that time.
     *
     * @param nanoTime of {@link System#nanoTime}
     */
    void passedAt(Station station, long nanoTime) {
      timers.get(station).record(Math.max(0, nanoTime - last), TimeUnit.NANOSECONDS);
      last = nanoTime;
    }
  }
}
