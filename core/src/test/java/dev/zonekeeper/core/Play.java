package dev.zonekeeper.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One member on a stage: events go in, and the test looks at what it becomes and does.
 *
 * <p>The primary set is a, b and c, two of them have to be in sync, the lease lasts 5 s and is
 * renewed every second, and who is silent for 750 ms is suspected.
 */
final class Play {
  static final MemberId A = new MemberId("a", "1");
  static final MemberId B = new MemberId("b", "1");
  static final MemberId C = new MemberId("c", "1");

  /** Names that had a life before: the same name with another disk. */
  static final MemberId OLD_A = new MemberId("a", "0");

  static final MemberId OLD_C = new MemberId("c", "0");

  static final Settings SETTINGS = settings(2, "a", "b", "c");

  /** A follower that is up to date has kept this edition of the lease, whichever it is. */
  static final Lease.Edition NOW = new Lease.Edition(Long.MAX_VALUE, 0);

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Map<Lease, String> versions = new HashMap<>();
  private Standing standing;
  private Duration now = Duration.ofSeconds(1000);
  private List<Action> actions = List.of();
  private Optional<Action.WriteLease> write = Optional.empty();
  private Optional<Action.WaitFor> waitsFor = Optional.empty();

  private boolean diskFull;

  private Play(MemberId self, Settings settings, Memory kept) {
    standing = Standing.starting(settings, self, kept, moment());
  }

  static Settings settings(int minInSync, String... names) {
    return new Settings(
        Set.of(names),
        minInSync,
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        Duration.ofMillis(750));
  }

  /** A member that has started, is ready, and has not read the lease yet. */
  static Play started(MemberId self) {
    return started(self, SETTINGS, Memory.NOTHING);
  }

  static Play started(MemberId self, Settings settings, Memory kept) {
    return new Play(self, settings, kept).on(healthy(0));
  }

  /** A follower that sees this lease and has just heard the leader. */
  static Play follower(MemberId self, Lease lease) {
    Play play = started(self).sees(lease);
    return lease.holder().isPresent() ? play.on(new Event.LeaderHeard(lease.epoch())) : play;
  }

  /** The leader of epoch 7, taking writes, with these members in sync. */
  static Play leader(MemberId self, MemberId... inSync) {
    return leader(SETTINGS, self, inSync);
  }

  static Play leader(Settings settings, MemberId self, MemberId... inSync) {
    Play play = started(self, settings, Memory.NOTHING);
    play.sees(lease(6).heldBy(self.name()).inSync(inSync).build());
    play.writeApplied().on(new Event.Promoted(7));
    assertThat(play.role()).isEqualTo(new Role.Leading(7));
    return play;
  }

  static Event.LocalState healthy(long progress) {
    return new Event.LocalState(true, true, false, Optional.of(progress));
  }

  static Event.LocalState resyncing() {
    return new Event.LocalState(true, false, false, Optional.of(0L));
  }

  static Event.LocalState broken() {
    return new Event.LocalState(false, false, false, Optional.empty());
  }

  static Event.LocalState fresh() {
    return new Event.LocalState(true, true, true, Optional.of(0L));
  }

  static Claim claim(MemberId id, Lease last, long progress) {
    return new Claim(
        id,
        false,
        true,
        true,
        false,
        false,
        Optional.ofNullable(last),
        last == null ? 0 : last.epoch(),
        Optional.of(progress));
  }

  static Claim freshClaim(MemberId id) {
    return new Claim(id, true, true, true, false, false, Optional.empty(), 0, Optional.of(0L));
  }

  // What happens.

  Play on(Event event) {
    actions = new ArrayList<>();
    step(event);
    return this;
  }

  private void step(Event event) {
    Decision decision = Election.step(standing, event, moment());
    standing = decision.standing();
    actions.addAll(decision.actions());
    for (Action action : decision.actions()) {
      switch (action) {
        case Action.WriteLease w -> write = Optional.of(w);
        case Action.WaitFor w -> waitsFor = Optional.of(w);
        default -> {}
      }
    }
    for (Action action : decision.actions()) {
      if (action instanceof Action.Remember r && !diskFull) {
        step(new Event.Remembered(r.memory()));
      }
    }
  }

  /** From now on nothing can be written to the disk, or it can again. */
  Play diskFull(boolean full) {
    diskFull = full;
    return this;
  }

  /** Time passes, and is noticed. */
  Play after(Duration time) {
    now = now.plus(time);
    return on(new Event.Tick());
  }

  Play afterMillis(long millis) {
    return after(Duration.ofMillis(millis));
  }

  /** The store shows this lease. Each state of a lease has a version of its own. */
  Play sees(Lease lease) {
    return on(new Event.LeaseSeen(Optional.of(seen(lease))));
  }

  Play seesNoLease() {
    return on(new Event.LeaseSeen(Optional.empty()));
  }

  Event.SeenLease seen(Lease lease) {
    return new Event.SeenLease(
        lease, versions.computeIfAbsent(lease, l -> "version-" + versions.size()));
  }

  /** The last proposal was made. */
  Play writeApplied() {
    return on(new Event.WriteApplied(seen(proposal())));
  }

  Play writeConflict(Lease current) {
    return on(new Event.WriteConflict(Optional.of(seen(current))));
  }

  Play writeUnknown() {
    return on(new Event.WriteUnknown("time-out"));
  }

  Play hears(MemberId follower) {
    return hears(follower, NOW);
  }

  /** A follower that has kept this edition of the lease. */
  Play hears(MemberId follower, Lease.Edition kept) {
    return on(new Event.FollowerHeard(follower, true, kept));
  }

  // What can be seen.

  Moment moment() {
    return new Moment(now, START.plus(now));
  }

  Standing standing() {
    return standing;
  }

  Role role() {
    return standing.role();
  }

  Lease lease() {
    return standing.lastSeenLease().orElseThrow();
  }

  /** What it did at the last event, without what it said. */
  List<Action> did() {
    List<Action> done = new ArrayList<>(actions);
    done.removeIf(a -> a instanceof Action.Say);
    return done;
  }

  boolean proposes() {
    return actions.stream().anyMatch(a -> a instanceof Action.WriteLease);
  }

  /** The last lease that it proposed. */
  Lease proposal() {
    return write.orElseThrow().next();
  }

  Optional<String> proposalExpects() {
    return write.orElseThrow().expectedVersion();
  }

  /** Whom commits wait for, as told last. */
  Set<MemberId> waitsFor() {
    return waitsFor.orElseThrow().members();
  }

  int required() {
    return waitsFor.orElseThrow().required();
  }

  // Leases.

  static LeaseOf lease(long epoch) {
    return new LeaseOf(epoch);
  }

  /** A lease put together: held by a, everybody in sync, unless told otherwise. */
  static final class LeaseOf {
    private final long epoch;
    private Optional<String> holder = Optional.of("a");
    private long revision = 10;
    private Set<MemberId> inSync = Set.of(A, B, C);
    private Optional<String> handoverTo = Optional.empty();

    private LeaseOf(long epoch) {
      this.epoch = epoch;
    }

    LeaseOf heldBy(String name) {
      holder = Optional.of(name);
      return this;
    }

    LeaseOf released() {
      holder = Optional.empty();
      return this;
    }

    LeaseOf revision(long value) {
      revision = value;
      return this;
    }

    LeaseOf inSync(MemberId... members) {
      inSync = Set.of(members);
      return this;
    }

    LeaseOf handoverTo(String name) {
      handoverTo = Optional.of(name);
      return this;
    }

    Lease build() {
      return new Lease(holder, epoch, revision, START, Duration.ofSeconds(5), inSync, handoverTo);
    }
  }
}
