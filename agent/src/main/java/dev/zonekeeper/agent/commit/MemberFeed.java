package dev.zonekeeper.agent.commit;

import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Confirmation;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one member up to date with one zone: sends it the latest serial, with what has changed, as
 * soon as there is one it lacks, and again until it confirms. All state is guarded by the zone's
 * lock.
 */
final class MemberFeed {
  private static final Logger LOG = LoggerFactory.getLogger(MemberFeed.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration BETWEEN_COMMITS = Duration.ofMillis(25);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  /** A member does not run if nobody listens at its port so many times, and it confirms nothing. */
  private static final int REFUSALS = 3;

  /**
   * Who is fed. A member that has lost its data is another one, of which nothing is known.
   *
   * @param committedOnly a secondary: it gets to know only what is committed
   */
  record Target(MemberId id, boolean committedOnly) {
    String member() {
      return id.name();
    }
  }

  private final Target target;
  private final ZoneCommitter zone;
  private final ReentrantLock lock;
  private final CommitDesk desk;
  private final Places places;

  private Optional<ZoneSerial> holds = Optional.empty();
  private Optional<ZoneSerial> sent = Optional.empty();

  /** How many updates had been taken when it was asked last, and asked what it confirmed last. */
  private long asked;

  private long heard;
  private int inFlight;
  private boolean pausing;
  private Duration pause = FIRST_PAUSE;
  private Optional<Long> unconfirmedSince = Optional.empty();
  private int refusals;
  private boolean lagging;
  private boolean hasPlace;
  private boolean waitsForPlace;
  private boolean retired;

  MemberFeed(Target target, ZoneCommitter zone, ReentrantLock lock, CommitDesk desk) {
    this.target = target;
    this.zone = zone;
    this.lock = lock;
    this.desk = desk;
    this.places = desk.placesAt(target.member());
  }

  Target target() {
    return target;
  }

  /** Whether it has as many requests under way as it may have. */
  boolean isFull() {
    return inFlight >= desk.settings().requestsInFlight() || pausing;
  }

  /** Sends nothing any more. */
  void retire() {
    retired = true;
  }

  boolean isLagging() {
    return lagging;
  }

  /** A new term: what a serial means has to be learnt anew. */
  void forget() {
    holds = Optional.empty();
    sent = Optional.empty();
    asked = 0;
    heard = 0;
    unconfirmedSince = Optional.empty();
    refusals = 0;
    lagging = false;
  }

  /** Sends what the member lacks, if there is anything and it is not busy. */
  void poke() {
    if (retired || isFull()) {
      return;
    }
    Optional<ZoneCommitter.Outgoing> out =
        zone.outgoing(target.committedOnly(), sent.isPresent() ? sent : holds, asked);
    if (out.isPresent() && mayGo()) {
      inFlight++;
      sent = Optional.of(out.get().serial());
      asked = out.get().taken();
      if (unconfirmedSince.isEmpty()) {
        unconfirmedSince = Optional.of(System.nanoTime());
      }
      Thread.ofVirtual().name("feed-" + target.member()).start(() -> send(out.get()));
    }
  }

  /**
   * The first news of a term takes a place, unless somebody waits for this zone's commit. Without
   * one it is sent when there is.
   */
  private boolean mayGo() {
    if (holds.isPresent() || hasPlace || zone.isAwaited()) {
      return true;
    }
    if (!waitsForPlace) {
      hasPlace = places.enter(this::placeIsFree);
      waitsForPlace = !hasPlace;
    }
    return hasPlace;
  }

  private void placeIsFree() {
    Thread.ofVirtual()
        .name("feed-" + target.member())
        .start(() -> {
          boolean given;
          lock.lock();
          try {
            waitsForPlace = false;
            hasPlace = true;
            poke();
            given = givesPlaceBack();
          } finally {
            lock.unlock();
          }
          if (given) {
            places.leave();
          }
        });
  }

  private boolean givesPlaceBack() {
    boolean given = hasPlace && inFlight == 0;
    hasPlace &= !given;
    return given;
  }

  private void send(ZoneCommitter.Outgoing out) {
    CommitRequest request =
        new CommitRequest(
            zone.zone(), out.serial().value(), out.epoch(), desk.sender(), out.changes());
    Outcome outcome;
    try {
      Confirmation answer = desk.link().confirm(target.member(), request, desk.requestTimeout());
      outcome = new Outcome(new ZoneSerial(answer.serial()), judge(out, answer), false);
    } catch (IOException e) {
      outcome = Outcome.failed(e.getMessage(), e.getCause() instanceof ConnectException);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      outcome = Outcome.failed("interrupted", false);
    }
    finished(out, outcome);
  }

  /**
   * What came of a request.
   *
   * @param holds what the member confirmed, if there is no failure
   * @param failure why it is no confirmation
   * @param refused whether nobody listens at the member's port
   */
  private record Outcome(ZoneSerial holds, Optional<String> failure, boolean refused) {
    static Outcome failed(String why, boolean refused) {
      return new Outcome(new ZoneSerial(0), Optional.of(String.valueOf(why)), refused);
    }
  }

  /** Why the answer is no confirmation; empty if it is one. */
  private Optional<String> judge(ZoneCommitter.Outgoing out, Confirmation answer) {
    if (!idOf(answer).equals(target.id())) {
      return Optional.of("it is " + idOf(answer) + " now");
    }
    return switch (answer.verdict()) {
      case DURABLE ->
          new ZoneSerial(answer.serial()).isAtLeast(out.serial())
              ? Optional.empty()
              : Optional.of("it confirmed the older serial " + answer.serial());
      case STALE_EPOCH -> {
        if (answer.epoch() > out.epoch()) {
          desk.events().higherEpoch(answer.epoch());
        }
        yield Optional.of("it is in epoch " + answer.epoch());
      }
      case NOT_YET -> Optional.of(answer.why());
    };
  }

  private void finished(ZoneCommitter.Outgoing out, Outcome outcome) {
    Optional<MemberId> nowLagging = Optional.empty();
    Optional<MemberId> nowResponding = Optional.empty();
    boolean placeGiven;
    lock.lock();
    try {
      inFlight--;
      if (outcome.refused()) {
        refusals++;
      }
      if (outcome.failure().isEmpty()) {
        refusals = 0;
        if (holds.isEmpty() || out.serial().isAfter(holds.get())) {
          holds = Optional.of(out.serial());
        }
        heard = Math.max(heard, out.taken());
        pause = FIRST_PAUSE;
        if (target.committedOnly()) {
          pauseThenPoke(BETWEEN_COMMITS, "it was told of a commit just now");
        }
        unconfirmedSince = sent.equals(holds) ? Optional.empty() : Optional.of(System.nanoTime());
        if (lagging) {
          lagging = false;
          nowResponding = Optional.of(target.id()).filter(zone::isNeeded);
        }
        zone.confirmed(out, target.id(), outcome.holds());
      } else {
        sent = holds;
        asked = heard;
        boolean late =
            unconfirmedSince.isPresent()
                && System.nanoTime() - unconfirmedSince.get()
                    >= desk.settings().syncTimeout().toNanos();
        if ((late || refusals >= REFUSALS) && zone.isNeeded(target.id())) {
          lagging = true;
          nowLagging = Optional.of(target.id());
        }
        pauseThenPoke(nextPause(), outcome.failure().get());
      }
      placeGiven = givesPlaceBack();
      poke();
      zone.feedMoved();
    } finally {
      lock.unlock();
    }
    if (placeGiven) {
      places.leave();
    }
    nowLagging.ifPresent(desk.events()::lagging);
    nowResponding.ifPresent(desk.events()::responding);
  }

  private Duration nextPause() {
    Duration length = pause;
    boolean needed = zone.isNeeded(target.id());
    pause = min(pause.multipliedBy(2), needed ? FIRST_PAUSE.multipliedBy(3) : LONGEST_PAUSE);
    return length;
  }

  private void pauseThenPoke(Duration length, String why) {
    LOG.debug("{} gets no more of {} for now: {}", target.member(), zone.zone(), why);
    if (pausing) {
      return;
    }
    pausing = true;
    Thread.ofVirtual()
        .name("pause-" + target.member())
        .start(() -> {
          try {
            Thread.sleep(length);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          lock.lock();
          try {
            pausing = false;
            poke();
          } finally {
            lock.unlock();
          }
        });
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static MemberId idOf(Confirmation answer) {
    return new MemberId(answer.from().member(), answer.from().incarnation());
  }
}
