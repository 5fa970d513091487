package dev.zonekeeper.core;

import dev.zonekeeper.core.Standing.Heard;
import dev.zonekeeper.core.Standing.Purpose;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the leader does: keeps the lease, the in-sync set, and hands over. */
final class LeaderTurn {
  private LeaderTurn() {}

  static void tookOver(Turn t, Event.SeenLease written) {
    long epoch = written.lease().epoch();
    t.s.elected = t.s.why;
    t.become(new Role.Following(), t.s.why);
    t.adopt(written);
    t.s.followers = Map.of();
    t.s.lagging = Set.of();
    t.s.joining = Map.of();
    t.s.leaving = Set.of();
    t.s.removedIn = written.lease().edition();
    t.s.waitsFor = Optional.empty();
    t.s.wantedEpoch = epoch < t.s.knownEpoch ? t.s.knownEpoch + 1 : epoch;
    t.s.renewedAt = t.now.elapsed();
    t.become(new Role.Promoting(epoch), t.s.why);
    WaitedFor.tell(t);
    t.act(new Action.Promote(epoch));
  }

  /** The lease was renewed, or the in-sync set or the epoch in it changed. */
  static void kept(Turn t, Event.SeenLease written) {
    Lease before = t.s.lease.map(Standing.View::lease).orElse(written.lease());
    Lease lease = written.lease();
    t.s.renewedAt = t.now.elapsed();
    Optional<Action> inNewEpoch =
        lease.epoch() == before.epoch() ? Optional.empty() : raised(t, lease.epoch());
    t.adopt(written);
    inNewEpoch.ifPresent(t::act);
    if (!lease.inSync().equals(before.inSync())) {
      t.say(
          "in sync: "
              + String.join(", ", lease.inSyncNames())
              + " (before: "
              + String.join(", ", before.inSyncNames())
              + ")");
    }
    Map<MemberId, Boolean> joining = new HashMap<>(t.s.joining);
    joining.keySet().removeAll(lease.inSync());
    t.s.joining = Map.copyOf(joining);
    Set<MemberId> lagging = new HashSet<>(t.s.lagging);
    lagging.retainAll(lease.inSync());
    t.s.lagging = Set.copyOf(lagging);
  }

  /** The term goes on in a higher epoch. */
  private static Optional<Action> raised(Turn t, long epoch) {
    return switch (t.s.role) {
      case Role.Leading l -> {
        t.s.role = new Role.Leading(epoch);
        yield Optional.empty();
      }
      case Role.Draining d -> {
        t.s.role = new Role.Draining(epoch, d.target());
        yield Optional.of(new Action.Drain(epoch));
      }
      case Role.Releasing r -> {
        t.s.role = new Role.Releasing(epoch, r.target());
        yield Optional.empty();
      }
      case Role.Promoting p -> Optional.empty();
      case Role.Following f -> Optional.empty();
      case Role.Contending c -> Optional.empty();
      case Role.Demoting d -> Optional.empty();
      case Role.Stopped s -> Optional.empty();
    };
  }

  static void released(Turn t, Event.SeenLease written) {
    String target = written.lease().handoverTo().orElse("whoever is first");
    t.become(new Role.Following(), t.s.why);
    t.adopt(written);
    t.stepDown("it handed over to " + target);
  }

  static void followerHeard(Turn t, Event.FollowerHeard heard) {
    Map<String, Heard> followers = new HashMap<>(t.s.followers);
    followers.put(
        heard.member().name(),
        new Heard(t.now.elapsed(), heard.member(), heard.ready(), heard.kept()));
    t.s.followers = Map.copyOf(followers);
  }

  static void lagging(Turn t, MemberId member) {
    if (t.s.joining.containsKey(member)) {
      Map<MemberId, Boolean> joining = new HashMap<>(t.s.joining);
      joining.remove(member);
      t.s.joining = Map.copyOf(joining);
      t.say(member.name() + " does not confirm any more and joins the in-sync set later");
    }
    if (t.s.inSync().contains(member) && !t.s.lagging.contains(member)) {
      Set<MemberId> lagging = new HashSet<>(t.s.lagging);
      lagging.add(member);
      t.s.lagging = Set.copyOf(lagging);
      t.say(member.name() + " does not confirm in time");
    }
  }

  static void responding(Turn t, MemberId member) {
    if (t.s.lagging.contains(member)) {
      Set<MemberId> lagging = new HashSet<>(t.s.lagging);
      lagging.remove(member);
      t.s.lagging = Set.copyOf(lagging);
    }
  }

  static void caughtUp(Turn t, MemberId member) {
    if (t.s.ownEpoch().isPresent()
        && t.s.settings.primarySet().contains(member.name())
        && !t.s.inSync().contains(member)
        && !t.s.joining.containsKey(member)) {
      Map<MemberId, Boolean> joining = new HashMap<>(t.s.joining);
      joining.keySet().removeIf(m -> m.name().equals(member.name()));
      joining.put(member, false);
      t.s.joining = Map.copyOf(joining);
      t.say(member.name() + " has caught up; commits wait for it from now on");
    }
  }

  static void covered(Turn t, MemberId member) {
    if (t.s.joining.containsKey(member)) {
      Map<MemberId, Boolean> joining = new HashMap<>(t.s.joining);
      joining.put(member, true);
      t.s.joining = Map.copyOf(joining);
    }
  }

  static void promoted(Turn t, long epoch) {
    if (t.s.role instanceof Role.Promoting p && p.epoch() == epoch) {
      t.become(new Role.Leading(epoch), leads(t, epoch));
      t.say(t.s.self.name() + " leads epoch " + epoch);
    }
  }

  private static String leads(Turn t, long epoch) {
    return "it leads epoch " + epoch + ": " + t.s.elected;
  }

  static void promotionFailed(Turn t, Event.PromotionFailed failed) {
    if (t.s.role instanceof Role.Promoting p && p.epoch() == failed.epoch()) {
      String target = bestTarget(t).orElse("");
      drain(t, target, "its named could not become primary: " + failed.why());
    }
  }

  static void drained(Turn t, long epoch) {
    if (t.s.role instanceof Role.Draining d && d.epoch() == epoch) {
      t.become(new Role.Releasing(epoch, d.target()), t.s.why);
    }
  }

  /** What a leader does now, whatever has just happened. */
  static void act(Turn t) {
    takeWrites(t);
    if (t.s.lease.isEmpty()) {
      if (t.canWrite()) {
        FollowerTurn.recover(t);
      }
      return;
    }
    switch (t.s.role) {
      case Role.Leading l -> {
        t.s.why = leads(t, l.epoch());
        if (!handsOver(t)) {
          keepLease(t, l.epoch());
        }
      }
      case Role.Promoting p -> keepLease(t, p.epoch());
      case Role.Releasing r -> release(t, r);
      case Role.Draining d -> keepInSyncSet(t);
      case Role.Following f -> {}
      case Role.Contending c -> {}
      case Role.Demoting d -> {}
      case Role.Stopped st -> {}
    }
    if (t.s.ownEpoch().isPresent()) {
      WaitedFor.tell(t);
    }
  }

  /**
   * Not before this member's disk holds the epoch. What a leader commits alone in an epoch that it
   * then forgets could be lost: if the lease is deleted, it is made anew from a copy that does not
   * name this member in sync, and nobody knows of a later epoch.
   */
  private static void takeWrites(Turn t) {
    if (t.s.role instanceof Role.Leading l
        && t.s.takesWritesIn < l.epoch()
        && l.epoch() <= t.s.kept.epoch()) {
      t.s.takesWritesIn = l.epoch();
      t.act(new Action.TakeWrites(l.epoch()));
    }
  }

  private static boolean handsOver(Turn t) {
    Optional<String> asked =
        t.s.lease.get().lease().handoverTo().filter(to -> !to.equals(t.s.self.name()));
    if (asked.isPresent() && isGoodTarget(t, asked.get())) {
      drain(t, asked.get(), "the operator asked to hand over to " + asked.get());
      return true;
    }
    if (t.s.shuttingDown) {
      Optional<String> target = bestTarget(t);
      if (target.isPresent()) {
        drain(t, target.get(), "it is shutting down");
      } else {
        t.say("it shuts down as the leader: no other member is in sync and ready");
        t.become(new Role.Stopped(), "it is shutting down");
        t.act(new Action.Stop());
      }
      return true;
    }
    if (!t.s.local.healthy() && bestTarget(t).isPresent()) {
      drain(t, bestTarget(t).get(), "its named does not answer, or its disk is full");
      return true;
    }
    return false;
  }

  private static void drain(Turn t, String target, String why) {
    long epoch = t.s.ownEpoch().orElseThrow();
    t.say(t.s.self.name() + " hands over" + (target.isEmpty() ? "" : " to " + target) + ": " + why);
    t.become(new Role.Draining(epoch, target), why);
    t.act(new Action.Drain(epoch));
  }

  private static void release(Turn t, Role.Releasing releasing) {
    Lease lease = t.s.lease.get().lease();
    Optional<String> to =
        releasing.target().isEmpty() ? Optional.empty() : Optional.of(releasing.target());
    t.write(
        Purpose.RELEASE,
        lease.next(t.now.wallClock()).withHolder(Optional.empty()).withHandoverTo(to));
  }

  private static void keepLease(Turn t, long epoch) {
    if (!t.canWrite()) {
      return;
    }
    Lease lease = t.s.lease.get().lease();
    Set<MemberId> inSync = wantedInSync(t, lease);
    long wanted =
        t.s.role instanceof Role.Leading && t.s.wantedEpoch > epoch
            ? t.s.settings.nextEpochOf(t.s.self.name(), t.s.wantedEpoch - 1)
            : epoch;
    boolean due = t.now.isAtOrAfter(t.s.renewedAt.plus(t.s.settings.renewEvery()));
    boolean changes =
        !inSync.equals(lease.inSync()) || wanted != epoch || lease.handoverTo().isPresent();
    if (due || changes) {
      if (lease.handoverTo().isPresent()) {
        t.say(
            "it does not hand over to "
                + lease.handoverTo().get()
                + ", which is not another member that is in sync and ready");
      }
      t.write(
          Purpose.KEEP,
          lease
              .next(t.now.wallClock())
              .withInSync(inSync)
              .withEpoch(wanted)
              .withDuration(t.s.settings.leaseDuration())
              .withHandoverTo(Optional.empty()));
    }
  }

  /** Or the drain would wait in vain for a member that ends at the same time. */
  private static void keepInSyncSet(Turn t) {
    Lease lease = t.s.lease.get().lease();
    Set<MemberId> inSync = wantedInSync(t, lease);
    if (!inSync.equals(lease.inSync())) {
      t.write(Purpose.KEEP, lease.next(t.now.wallClock()).withInSync(inSync));
    }
  }

  private static Set<MemberId> wantedInSync(Turn t, Lease lease) {
    Map<MemberId, Boolean> joining = new HashMap<>(t.s.joining);
    joining.replaceAll((member, covered) -> covered && WaitedFor.hasKeptRemovals(t, member));
    return InSync.wanted(
        lease.inSync(), t.s.lagging, joining, t.s.self, t.s.settings.requiredInSync());
  }

  private static Optional<String> bestTarget(Turn t) {
    return new TreeSet<>(t.s.followers.keySet())
        .stream().filter(name -> isGoodTarget(t, name)).min(Comparator.naturalOrder());
  }

  private static boolean isGoodTarget(Turn t, String name) {
    Heard heard = t.s.followers.get(name);
    return heard != null
        && heard.ready()
        && t.s.inSync().contains(heard.id())
        && !t.s.lagging.contains(heard.id())
        && !t.now.isAtOrAfter(heard.at().plus(t.s.settings.silenceLimit()));
  }
}
