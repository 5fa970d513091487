package dev.zonekeeper.core;

import dev.zonekeeper.core.Standing.Purpose;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a member does that does not lead: watches the leader, and takes over when it is gone. */
final class FollowerTurn {
  private FollowerTurn() {}

  static void leaderHeard(Turn t, long epoch) {
    if (epoch >= t.s.knownEpoch) {
      t.s.leaderHeardAt = t.now.elapsed();
      t.s.leaderUnreachable = false;
      t.s.silentTo = Map.of();
    }
    higherEpoch(t, epoch);
  }

  static void commitAsked(Turn t, long epoch) {
    if (epoch >= t.s.knownEpoch) {
      t.s.leaderHeardAt = t.now.elapsed();
    }
  }

  static void leaderUnreachable(Turn t) {
    t.s.leaderUnreachable = true;
  }

  /** The leader waits until its followers have kept whom the lease names in sync. */
  static void remembered(Turn t, Memory memory) {
    Lease.Edition before = t.s.keptEdition();
    t.s.kept = memory;
    if (t.s.role instanceof Role.Following && !t.s.keptEdition().equals(before)) {
      t.act(new Action.TellLeader());
    }
  }

  static void opinion(Turn t, Event.Opinion opinion) {
    Map<String, Duration> silent = new HashMap<>(t.s.silentTo);
    if (opinion.hearsLeader() || opinion.epoch() != t.s.knownEpoch) {
      silent.remove(opinion.member());
    } else {
      silent.put(opinion.member(), t.now.elapsed());
    }
    t.s.silentTo = Map.copyOf(silent);
  }

  static void claimed(Turn t, Claim claim) {
    if (t.s.lease.isEmpty()) {
      Map<String, Standing.Said> claims = new HashMap<>(t.s.claims);
      claims.put(claim.id().name(), new Standing.Said(t.now.elapsed(), claim));
      t.s.claims = Map.copyOf(claims);
    }
  }

  static void higherEpoch(Turn t, long epoch) {
    if (epoch > t.s.knownEpoch) {
      t.s.knownEpoch = epoch;
      t.s.claims = Map.of();
      t.act(new Action.ReadLease());
      if (t.s.ownEpoch().isPresent() && !raisesItsEpochTo(t, epoch)) {
        t.stepDown("a member knows of epoch " + epoch + ", which is newer");
      }
    }
    t.remember();
  }

  /** Followers may see the raised epoch in the lease before the leader gets its answer. */
  private static boolean raisesItsEpochTo(Turn t, long epoch) {
    return t.s
        .pending
        .filter(p -> p.purpose() == Purpose.KEEP)
        .filter(p -> p.next().epoch() == epoch)
        .isPresent();
  }

  /** What a follower does now, whatever has just happened. */
  static void act(Turn t) {
    if (t.s.shuttingDown) {
      t.become(new Role.Stopped(), "it is shutting down");
      t.act(new Action.Stop());
      return;
    }
    if (!t.s.leaseRead || !t.canWrite()) {
      return;
    }
    if (t.s.lease.isEmpty()) {
      recover(t);
      return;
    }
    switch (Takeover.judge(t.s, t.s.lease.get(), t.now)) {
      case Takeover.No no -> t.s.why = no.why();
      case Takeover.Ask ask -> {
        t.s.why = ask.why();
        askOthers(t, new Action.AskOpinions(t.s.knownEpoch));
      }
      case Takeover.Yes yes when t.s.storeAway -> {
        // While it contends in vain it confirms nothing, and the leader may be well.
        t.s.why = "the lease store does not answer, or it would take over: " + yes.why();
        askOthers(t, new Action.AskOpinions(t.s.knownEpoch));
      }
      case Takeover.Yes yes -> takeOver(t, yes.why());
    }
  }

  /** There is no lease: at a follower, and at a leader whose lease was deleted. */
  static void recover(Turn t) {
    if (t.s.storeAway) {
      return;
    }
    switch (Recovery.judge(t.s, t.now)) {
      case Recovery.Wait wait -> {
        t.s.why = wait.why();
        askOthers(t, new Action.AskClaims());
      }
      case Recovery.Make make -> {
        t.say(
            t.s.self.name()
                + " makes the lease of epoch "
                + make.lease().epoch()
                + ": "
                + make.why());
        t.become(new Role.Contending(t.s.ownEpoch().isPresent()), make.why());
        t.write(Purpose.TAKE_OVER, make.lease());
      }
    }
  }

  private static void takeOver(Turn t, String why) {
    Lease old = t.s.lease.get().lease();
    Lease mine =
        old.next(t.now.wallClock())
            .withHolder(Optional.of(t.s.self.name()))
            .withEpoch(
                t.s.settings.nextEpochOf(t.s.self.name(), Math.max(old.epoch(), t.s.knownEpoch)))
            .withDuration(t.s.settings.leaseDuration())
            .withHandoverTo(Optional.empty());
    Lease without = mine.withInSync(InSync.without(old.inSync(), old.holder(), t.s.self));
    boolean enough = without.inSync().size() >= t.s.settings.requiredInSync();
    t.say(t.s.self.name() + " takes over in epoch " + mine.epoch() + ": " + why);
    t.become(new Role.Contending(false), why);
    t.write(Purpose.TAKE_OVER, enough ? without : mine);
  }

  private static void askOthers(Turn t, Action question) {
    Duration next = t.s.askedAt.plus(t.s.settings.silenceLimit().dividedBy(4));
    if (t.now.isAtOrAfter(next)) {
      t.s.askedAt = t.now.elapsed();
      t.act(question);
    }
  }
}
