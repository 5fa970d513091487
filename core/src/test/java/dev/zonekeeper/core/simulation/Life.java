package dev.zonekeeper.core.simulation;

import static dev.zonekeeper.core.simulation.Clockwork.MILLI;

import dev.zonekeeper.core.Action;
import dev.zonekeeper.core.Decision;
import dev.zonekeeper.core.Election;
import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.Memory;
import dev.zonekeeper.core.Moment;
import dev.zonekeeper.core.Role;
import dev.zonekeeper.core.Standing;
import dev.zonekeeper.core.ZoneSerial;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One life of a member, from its start to its end: the core, and what the agent does for it. */
final class Life {
  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  private final Cluster cluster;
  private final Clockwork clock;
  private final Node node;
  private final MemberId id;
  private final Named named;
  private final Following following;
  private final Committing committing;
  private final double clockRate;
  private final long clockOffset;
  private Standing standing;
  private boolean over;
  private boolean namedAnswers = true;

  /** Counts orders to promote and demote: the last one wins. */
  private int order;

  /** When the last write of what is to be remembered ends. One waits for the other. */
  private long remembering;

  /** What was to be remembered last: the same again is not written again. */
  private Memory asked = Memory.NOTHING;

  Life(Cluster cluster, Node node) {
    this.cluster = cluster;
    this.clock = cluster.clock();
    this.node = node;
    this.id = new MemberId(node.name(), node.disk().incarnation);
    this.named = new Named(clock, cluster.checker(), node.disk());
    this.following = new Following(cluster, this);
    this.committing = new Committing(cluster, this);
    this.clockRate = 0.9 + clock.between(0, 200) / 1000.0;
    this.clockOffset = clock.between(0, 1_000_000);
    this.standing = Standing.starting(cluster.settings(), id, node.disk().memory, moment());
  }

  void begin() {
    localState();
    every(100 * MILLI, () -> event(new Event.Tick()));
    every(100 * MILLI, committing::tick);
    every(200 * MILLI, () -> cluster.store().read(this));
    every(Cluster.HEARTBEAT, following::heartbeat);
  }

  void end() {
    over = true;
  }

  static List<MemberId> sorted(Collection<MemberId> members) {
    return members.stream()
        .sorted(Comparator.comparing(MemberId::name).thenComparing(MemberId::incarnation))
        .toList();
  }

  String name() {
    return node.name();
  }

  MemberId id() {
    return id;
  }

  Disk disk() {
    return node.disk();
  }

  Named named() {
    return named;
  }

  Standing standing() {
    return standing;
  }

  Committing committing() {
    return committing;
  }

  Following following() {
    return following;
  }

  boolean is(Class<? extends Role> role) {
    return role.isInstance(standing.role());
  }

  Moment moment() {
    Duration elapsed = Duration.ofNanos((long) ((clock.now() + clockOffset) * clockRate * 1000));
    return new Moment(elapsed, EPOCH.plus(elapsed));
  }

  /** Something that happens later, if this life is not over by then. */
  void later(long micros, Runnable what) {
    clock.after(
        micros,
        () -> {
          if (!over) {
            what.run();
          }
        });
  }

  private void every(long micros, Runnable what) {
    later(
        clock.between(micros / 2, micros * 3 / 2),
        () -> {
          what.run();
          every(micros, what);
        });
  }

  /** What the disk needs for a write: from {@code low} to {@code high} if it is well. */
  long writing(long low, long high) {
    return disk().slow ? clock.between(20 * MILLI, 600 * MILLI) : clock.between(low, high);
  }

  /** Goes up with each order to promote or demote, which ends the transfers under way. */
  int order() {
    return order;
  }

  void namedAnswers(boolean answers) {
    namedAnswers = answers;
    localState();
  }

  /** Of its progress it says anything: which of several good members leads must not matter. */
  void localState() {
    boolean resyncing = node.disk().hasMarker() && !cluster.makes(Mistake.NO_RESYNC_MARKER);
    boolean healthy = namedAnswers && !disk().full;
    boolean fresh = !node.disk().hasData() && node.disk().memory.lease().isEmpty();
    event(
        new Event.LocalState(
            healthy,
            healthy && !resyncing,
            fresh,
            namedAnswers ? Optional.of(clock.between(0, 9)) : Optional.empty()));
  }

  /** One step of the core, and then what it asks for. */
  void event(Event event) {
    if (over) {
      return;
    }
    if (event instanceof Event.Claimed || event instanceof Event.Tick) {
      refreshLocalState();
    }
    Role before = standing.role();
    Decision decision = Election.step(standing, mistaken(event), moment());
    standing = decision.standing();
    if (!before.equals(standing.role())) {
      clock.tell(() -> name() + ": " + before + " -> " + standing.role() + ", " + standing.why());
    }
    decision.actions().forEach(this::carryOut);
  }

  private void refreshLocalState() {
    if (standing.lastSeenLease().isEmpty()) {
      localState();
    }
  }

  private Event mistaken(Event event) {
    if (!cluster.makes(Mistake.ANYONE_MAY_TAKE_OVER)
        || !(event instanceof Event.LeaseSeen seen)
        || seen.lease().isEmpty()) {
      return event;
    }
    Event.SeenLease real = seen.lease().get();
    Set<MemberId> members = new HashSet<>(real.lease().inSync());
    members.add(id);
    return new Event.LeaseSeen(
        Optional.of(new Event.SeenLease(real.lease().withInSync(members), real.version())));
  }

  private void carryOut(Action action) {
    switch (action) {
      case Action.ReadLease a -> cluster.store().read(this);
      case Action.WriteLease a ->
          cluster.store().compareAndSet(this, a.expectedVersion(), a.next());
      case Action.Remember a -> {
        long cost = a.memory().equals(asked) ? 0 : writing(0, 3 * MILLI);
        asked = a.memory();
        remembering = Math.max(remembering, clock.now()) + cost;
        later(remembering - clock.now(), () -> remember(a.memory()));
      }
      case Action.Promote a -> promote(a.epoch());
      case Action.TakeWrites a -> {
        cluster.checker().leads(a.epoch(), id.toString());
        committing.takeWrites(a.epoch());
      }
      case Action.WaitFor a -> committing.waitFor(a.members(), a.required());
      case Action.Drain a -> committing.drain(a.epoch());
      case Action.Demote a -> demote();
      case Action.AskOpinions a -> askOpinions(a.epoch());
      case Action.AskClaims a -> askClaims();
      case Action.TellLeader a -> following.heartbeat();
      case Action.Stop a ->
          clock.after(0, () -> node.life().filter(l -> l == this).ifPresent(l -> node.crash()));
      case Action.Say a -> clock.tell(() -> name() + ": " + a.sentence());
    }
  }

  private void remember(Memory memory) {
    if (disk().forgetful) {
      clock.did(Clockwork.Deed.NOT_REMEMBERED);
      clock.tell(() -> name() + ": cannot write what it has seen");
      return;
    }
    node.disk().memory = memory;
    event(new Event.Remembered(memory));
  }

  private void promote(long epoch) {
    cluster.checker().leads(epoch, id.toString());
    int mine = ++order;
    later(
        clock.between(MILLI, 40 * MILLI),
        () -> {
          if (mine != order) {
            return;
          }
          if (clock.maybe(0.03)) {
            event(new Event.PromotionFailed(epoch, "bad luck"));
          } else {
            named.primary = true;
            event(new Event.Promoted(epoch));
          }
        });
  }

  private void demote() {
    clock.did(Clockwork.Deed.STEP_DOWN);
    int mine = ++order;
    committing.stop();
    later(
        clock.between(MILLI, 40 * MILLI),
        () -> {
          if (mine == order) {
            named.primary = false;
            event(new Event.Demoted());
          }
        });
  }

  private void askOpinions(long epoch) {
    for (Node other : cluster.others(name())) {
      cluster
          .network()
          .send(
              name(),
              other.name(),
              there -> {
                there.hearsOfEpoch(epoch);
                boolean hears = there.hearsLeader();
                long known = there.standing.knownEpoch();
                cluster
                    .network()
                    .send(
                        there.name(),
                        name(),
                        me -> me.event(new Event.Opinion(there.name(), known, hears)));
              });
    }
  }

  private boolean hearsLeader() {
    return standing.ownEpoch().isPresent() || !standing.suspectsLeader(moment());
  }

  private void askClaims() {
    for (Node other : cluster.others(name())) {
      cluster
          .network()
          .send(
              name(),
              other.name(),
              there -> {
                there.localState();
                Event.Claimed claimed = new Event.Claimed(there.standing.claim());
                cluster.network().send(there.name(), name(), me -> me.event(claimed));
              });
    }
  }

  /** A message carries an epoch: one that is higher than ours tells of a leader we do not know. */
  void hearsOfEpoch(long epoch) {
    if (epoch > standing.knownEpoch()) {
      event(new Event.HigherEpoch(epoch));
    }
  }

  Optional<Lease> lease() {
    return standing.lastSeenLease();
  }

  Map<String, ZoneSerial> serials() {
    return named.serials();
  }
}
