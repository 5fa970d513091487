package dev.zonekeeper.core;

import dev.zonekeeper.core.Standing.Pending;
import dev.zonekeeper.core.Standing.Purpose;
import dev.zonekeeper.core.Standing.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One step while it is computed: a working copy of the standing and the actions so far. This class
 * takes in what the lease store says; {@link FollowerTurn} and {@link LeaderTurn} know what a role
 * asks for.
 */
final class Turn {
  final Standing s;
  final Moment now;
  private final List<Action> actions = new ArrayList<>();

  Turn(Standing before, Moment now) {
    this.s = before.copy();
    this.now = now;
  }

  Decision decision() {
    return new Decision(s, actions);
  }

  void act(Action action) {
    actions.add(action);
  }

  void say(String sentence) {
    actions.add(new Action.Say(sentence));
  }

  void become(Role role, String why) {
    s.role = role;
    s.why = why;
  }

  /**
   * Whether a lease may be proposed now: one at a time. Even a proposal that cannot be made any
   * more is waited for, or its answer would be taken for that to the next one.
   */
  boolean canWrite() {
    return s.pending.isEmpty() && !s.awaitsAnswer;
  }

  /** Proposes a lease, if no other proposal is under way. */
  void write(Purpose purpose, Lease next) {
    if (!canWrite()) {
      return;
    }
    Optional<String> expected = s.lease.map(View::version).or(() -> s.outdated);
    s.pending = Optional.of(new Pending(purpose, expected, next, false));
    s.awaitsAnswer = true;
    act(new Action.WriteLease(expected, next));
  }

  void leaseSeen(Optional<Event.SeenLease> seen) {
    s.leaseRead = true;
    s.leaseReadAt = now.elapsed();
    s.storeAway = false;
    if (seen.isEmpty()) {
      s.lease = Optional.empty();
      s.outdated = Optional.empty();
      settlePending(Optional.empty());
      return;
    }
    if (isOutdated(seen.get())) {
      return;
    }
    if (s.pending.filter(p -> p.next().equals(seen.get().lease())).isPresent()) {
      writeApplied(seen.get());
      return;
    }
    adopt(seen.get());
    settlePending(Optional.of(seen.get().version()));
  }

  /** What the leader has is kept like what was read; only a read tells what to compare with. */
  void leaseHeard(Lease lease) {
    if (s.remembered.filter(last -> !last.isOlderThan(lease)).isEmpty()) {
      remember(lease);
      FollowerTurn.higherEpoch(this, lease.epoch());
    }
  }

  /** It was read before another that is newer, or somebody put an old copy back. */
  private boolean isOutdated(Event.SeenLease seen) {
    return s.remembered.filter(last -> seen.lease().isOlderThan(last)).isPresent();
  }

  /**
   * A pending proposal cannot be made any more once the lease has another version. That there is no
   * lease may be an old read, though, and the proposal made since: whom it names stays in doubt
   * until the next one is answered.
   */
  private void settlePending(Optional<String> versionNow) {
    if (s.pending.isPresent() && !s.pending.get().expectedVersion().equals(versionNow)) {
      if (versionNow.isPresent()) {
        s.doubtful = Set.of();
      } else {
        doubt(s.pending.get());
      }
      s.pending = Optional.empty();
      stopContending("somebody else was faster to write the lease");
    } else if (s.pending.filter(Pending::unknown).isPresent()) {
      retryUnknown();
    }
  }

  /**
   * The store still has the old version: the proposal was not made yet, and may be made again. Or
   * it has none again, after a lease that this member has not seen: what the others said before is
   * old.
   */
  private void retryUnknown() {
    s.claims = Map.of();
    doubt(s.pending.get());
    s.pending = Optional.empty();
    stopContending("it could not write the lease");
  }

  private void doubt(Pending proposal) {
    Set<MemberId> maybe = new HashSet<>(s.doubtful);
    maybe.addAll(proposal.next().inSync());
    s.doubtful = Set.copyOf(maybe);
  }

  private void stopContending(String reason) {
    if (s.role instanceof Role.Contending contending) {
      if (contending.named()) {
        stepDown(reason);
      } else {
        become(new Role.Following(), reason);
      }
    }
  }

  void answered(Event.SeenLease written) {
    s.awaitsAnswer = false;
    writeApplied(written);
  }

  private void writeApplied(Event.SeenLease written) {
    Optional<Pending> done = s.pending.filter(p -> p.next().equals(written.lease()));
    if (done.isEmpty()) {
      leaseSeen(Optional.of(written));
      return;
    }
    s.pending = Optional.empty();
    s.doubtful = Set.of();
    switch (done.get().purpose()) {
      case TAKE_OVER -> LeaderTurn.tookOver(this, written);
      case KEEP -> LeaderTurn.kept(this, written);
      case RELEASE -> LeaderTurn.released(this, written);
    }
  }

  void writeConflict(Optional<Event.SeenLease> current) {
    boolean stillPending = s.pending.isPresent();
    s.awaitsAnswer = false;
    s.pending = Optional.empty();
    s.doubtful = Set.of();
    stopContending("somebody else was faster to write the lease");
    if (stillPending && current.filter(this::isOutdated).isPresent()) {
      say("somebody put back an old copy of the lease, which is as good as none");
      s.lease = Optional.empty();
      s.outdated = current.map(Event.SeenLease::version);
    } else {
      leaseSeen(current);
    }
  }

  void writeUnknown(String reason) {
    s.awaitsAnswer = false;
    s.pending = s.pending.map(p -> new Pending(p.purpose(), p.expectedVersion(), p.next(), true));
    say("the lease could not be written, and whether it was is not known: " + reason);
    act(new Action.ReadLease());
  }

  /** Takes a lease as the present one and gives up leading if it is somebody else's. */
  void adopt(Event.SeenLease seen) {
    Lease lease = seen.lease();
    boolean sameState = s.lease.filter(v -> v.version().equals(seen.version())).isPresent();
    if (sameState) {
      return;
    }
    boolean sameTerm =
        s.lease
            .filter(v -> v.lease().epoch() == lease.epoch())
            .filter(v -> v.lease().holder().equals(lease.holder()))
            .isPresent();
    if (s.ownEpoch().isPresent()) {
      WaitedFor.leaseNames(this, s.remembered.map(Lease::inSync).orElse(Set.of()), lease);
    }
    s.lease =
        Optional.of(
            new View(
                lease,
                seen.version(),
                now.elapsed(),
                sameTerm ? s.lease.get().termSince() : now.elapsed()));
    if (!sameTerm) {
      s.leaderUnreachable = false;
      s.silentTo = Map.of();
    }
    s.outdated = Optional.empty();
    s.claims = Map.of();
    s.knownEpoch = Math.max(s.knownEpoch, lease.epoch());
    remember(lease);
    remember();
    Optional<Long> own = s.ownEpoch();
    if (own.isPresent() && (!lease.isHeldBy(s.self.name()) || lease.epoch() != own.get())) {
      stepDown(
          "the lease is "
              + lease.holder().map(h -> h + "'s").orElse("free")
              + " in epoch "
              + lease.epoch());
    }
  }

  private void remember(Lease lease) {
    if (s.remembered.filter(lease::renews).isEmpty()) {
      s.unchanged = Optional.of(lease);
    }
    s.remembered = Optional.of(lease);
  }

  /** Has written to the disk what must be there and is not, also what could not be before. */
  void remember() {
    if (!s.memory().saysTheSameAs(s.kept)) {
      act(new Action.Remember(s.memory()));
    }
  }

  /** Stops leading at once; what is not committed is refused. */
  void stepDown(String reason) {
    s.followers = Map.of();
    s.lagging = Set.of();
    s.joining = Map.of();
    s.leaving = Set.of();
    s.waitsFor = Optional.empty();
    s.wantedEpoch = 0;
    s.leaderHeardAt = now.elapsed();
    become(new Role.Demoting(), reason);
    act(new Action.Demote(reason));
  }
}
