package dev.zonekeeper.core.simulation;

import static dev.zonekeeper.core.simulation.Clockwork.MILLI;

import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.Role;
import dev.zonekeeper.core.ZoneCommit;
import dev.zonekeeper.core.ZoneSerial;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The leader's part of a life: serials, commits, and who keeps up with them. */
final class Committing {
  /** An update that named has applied and whose client waits. */
  private record Open(int update, ZoneSerial serial) {}

  /**
   * An update that changes nothing: named has answered it, from the zone that it had then.
   *
   * @param known what had been acknowledged when the client sent it
   * @param number of the update
   */
  private record Look(BitSet known, ZoneCopy seen, long number) {}

  /** What a member has to confirm by a deadline. */
  private record Due(long since, Map<String, ZoneSerial> heads) {}

  private final Cluster cluster;
  private final Clockwork clock;
  private final Life life;
  private final Map<String, ZoneCommit> commits = new TreeMap<>();
  private final Map<String, List<Open>> open = new TreeMap<>();
  private final Map<String, List<Look>> looks = new TreeMap<>();
  private final Map<MemberId, Due> dues = new HashMap<>();
  private final Set<MemberId> late = new HashSet<>();
  private Set<MemberId> waitsFor = Set.of();

  /** The same in order, as the order in which they are asked must not be by chance. */
  private List<MemberId> inOrder = List.of();

  private int required = Integer.MAX_VALUE;
  private long epoch;
  private long taken;
  private boolean taking;

  /** Goes up whenever the open updates are refused. */
  private int term;

  Committing(Cluster cluster, Life life) {
    this.cluster = cluster;
    this.clock = cluster.clock();
    this.life = life;
  }

  /** Whether a client's update would be taken now. */
  boolean takesWrites() {
    return taking && life.is(Role.Leading.class);
  }

  void takeWrites(long newEpoch) {
    epoch = newEpoch;
    taking = true;
    for (String zone : cluster.zones()) {
      commits.put(zone, ZoneCommit.starting(stamp(), needed(), required));
      if (!stale(zone)) {
        commits.computeIfPresent(zone, (z, c) -> c.applied(life.named().served(z).serial()));
      }
      life.later(
          clock.between(0, 200 * MILLI),
          () -> {
            if (epoch == newEpoch) {
              raise(zone);
            }
          });
    }
  }

  void waitFor(Set<MemberId> members, int howMany) {
    waitsFor = members;
    inOrder = Life.sorted(members);
    required = howMany;
    dues.keySet().retainAll(members);
    late.retainAll(members);
    commits.replaceAll((zone, c) -> c.waitingFor(needed(), required));
    cluster.zones().forEach(this::settle);
  }

  private Set<MemberId> needed() {
    if (!cluster.makes(Mistake.SHRINKS_BEFORE_THE_SWAP)) {
      return waitsFor;
    }
    Set<MemberId> punctual = new HashSet<>(waitsFor);
    punctual.removeAll(late);
    return punctual.size() + 1 >= required ? punctual : waitsFor;
  }

  void drain(long ofEpoch) {
    taking = false;
    long patience = clock.now() + clock.between(0, 300 * MILLI);
    awaitDrained(ofEpoch, patience);
  }

  private void awaitDrained(long ofEpoch, long patience) {
    boolean done =
        open.values().stream().allMatch(List::isEmpty)
            && looks.values().stream().allMatch(List::isEmpty);
    if (!done && clock.now() < patience) {
      life.later(2 * MILLI, () -> awaitDrained(ofEpoch, patience));
      return;
    }
    term++;
    open.clear();
    looks.clear();
    life.event(new Event.Drained(ofEpoch));
  }

  void stop() {
    term++;
    open.clear();
    looks.clear();
    commits.clear();
    dues.clear();
    late.clear();
    waitsFor = Set.of();
    inOrder = List.of();
    required = Integer.MAX_VALUE;
    taking = false;
    epoch = 0;
  }

  private long stamp() {
    return cluster.makes(Mistake.NO_EPOCH_IN_SERIALS) ? 0 : epoch;
  }

  /** Whether the zone's serial is of another epoch. */
  private boolean stale(String zone) {
    ZoneCopy copy = life.named().served(zone);
    return copy.isNothing() || !copy.serial().isOf(stamp());
  }

  /** Raises the zone into the epoch if it is not there yet; false: that cannot be done. */
  private boolean raise(String zone) {
    if (!taking || !life.named().primary) {
      return false;
    }
    if (!stale(zone)) {
      return true;
    }
    ZoneSerial here = life.named().served(zone).serial();
    ZoneSerial first =
        cluster.makes(Mistake.NO_EPOCH_IN_SERIALS) ? new ZoneSerial(1) : ZoneSerial.firstOf(epoch);
    if (!first.isAfter(here)) {
      life.event(new Event.EpochWanted(here.epochPast(epoch)));
      return false;
    }
    if (!life.named().apply(zone, first, Optional.empty())) {
      return false;
    }
    applied(zone, first);
    return true;
  }

  /** A client's update on its way through named. */
  void update(String zone, int update) {
    int mine = term;
    life.later(
        life.writing(100, 2 * MILLI),
        () -> {
          if (!life.named().primary || (stale(zone) && !raise(zone))) {
            return;
          }
          ZoneSerial next = new ZoneSerial(life.named().served(zone).serial().value() + 1);
          if (!life.named().apply(zone, next, Optional.of(update))) {
            return;
          }
          if (mine == term) {
            open.computeIfAbsent(zone, z -> new ArrayList<>()).add(new Open(update, next));
          }
          applied(zone, next);
        });
  }

  /**
   * A client's update whose prerequisites are not met, or that deletes what is not there.
   *
   * @param known what had been acknowledged when the client sent it
   */
  void look(String zone, BitSet known) {
    int mine = term;
    taken++;
    long number = taken;
    life.later(
        clock.between(100, 2 * MILLI),
        () -> {
          if (mine == term && life.named().primary && (!stale(zone) || raise(zone))) {
            ZoneCopy seen = life.named().served(zone);
            looks.computeIfAbsent(zone, z -> new ArrayList<>()).add(new Look(known, seen, number));
            settle(zone);
            request(zone);
          }
        });
  }

  private void applied(String zone, ZoneSerial serial) {
    commits.computeIfPresent(zone, (z, c) -> c.applied(serial));
    settle(zone);
    request(zone);
  }

  private void request(String zone) {
    ZoneCommit commit = commits.get(zone);
    if (commit == null || commit.head().isEmpty()) {
      return;
    }
    ZoneSerial head = commit.head().get();
    long ofEpoch = epoch;
    long now = taken;
    long last = 0;
    for (Look look : looks.getOrDefault(zone, List.of())) {
      last = Math.max(last, look.number());
    }
    for (MemberId member : inOrder) {
      if (!commit.hasConfirmed(member, head) || commit.heard().getOrDefault(member, 0L) < last) {
        cluster
            .network()
            .send(
                life.name(),
                member.name(),
                there -> there.following().confirm(zone, head, ofEpoch, life.name(), now));
      }
    }
  }

  void confirmed(MemberId member, String zone, ZoneSerial serial, long ofEpoch, long asked) {
    if (ofEpoch != epoch || !commits.containsKey(zone)) {
      return;
    }
    commits.computeIfPresent(
        zone, (z, c) -> c.confirmedBy(member, serial).heardFrom(member, asked));
    if (late.contains(member) && hasConfirmed(member, heads())) {
      late.remove(member);
      life.event(new Event.Responding(member));
    }
    settle(zone);
    cover();
  }

  /** Acknowledges what is committed, and answers those who looked. */
  private void settle(String zone) {
    ZoneCommit commit = commits.get(zone);
    if (commit == null) {
      return;
    }
    List<Look> looking = looks.getOrDefault(zone, List.of());
    for (Look look : copyOf(looking)) {
      if (isCommitted(commit, look.seen().serial()) && commit.ledAfter(look.number())) {
        looking.remove(look);
        clock.did(Clockwork.Deed.LOOK);
        cluster.checker().answered(zone, life.name(), look.seen(), look.known());
      }
    }
    List<Open> waiting = open.getOrDefault(zone, List.of());
    for (Open o : copyOf(waiting)) {
      if (isCommitted(commit, o.serial())) {
        waiting.remove(o);
        clock.did(Clockwork.Deed.ACK);
        clock.tell(() -> life.name() + ": acknowledges " + o.update() + " in " + zone);
        cluster.checker().acknowledge(zone, o.update());
      }
    }
  }

  private static <T> List<T> copyOf(List<T> list) {
    return list.isEmpty() ? List.of() : List.copyOf(list);
  }

  /** Serials of an earlier epoch are in whatever is committed in this one. */
  private static boolean isCommitted(ZoneCommit commit, ZoneSerial serial) {
    return serial.isOf(commit.epoch())
        ? commit.isCommitted(serial)
        : commit.committed().isPresent();
  }

  private Map<String, ZoneSerial> heads() {
    Map<String, ZoneSerial> heads = new TreeMap<>();
    commits.forEach((zone, c) -> c.head().ifPresent(h -> heads.put(zone, h)));
    return heads;
  }

  private boolean hasConfirmed(MemberId member, Map<String, ZoneSerial> heads) {
    for (Map.Entry<String, ZoneSerial> head : heads.entrySet()) {
      if (!commits.get(head.getKey()).hasConfirmed(member, head.getValue())) {
        return false;
      }
    }
    return true;
  }

  void tick() {
    if (epoch == 0) {
      return;
    }
    cluster.zones().forEach(this::request);
    for (MemberId member : inOrder) {
      watch(member);
    }
    cover();
  }

  private void watch(MemberId member) {
    Map<String, ZoneSerial> heads = heads();
    Due due = dues.get(member);
    if (due == null || hasConfirmed(member, due.heads())) {
      dues.put(member, new Due(clock.now(), heads));
    } else if (clock.now() - due.since() > Cluster.SYNC_TIME_OUT) {
      late.add(member);
      if (cluster.makes(Mistake.SHRINKS_BEFORE_THE_SWAP)) {
        waitFor(waitsFor, required);
      }
      life.event(new Event.Lagging(member));
    }
  }

  /** A heartbeat of a follower: is it close enough to join? */
  void hears(MemberId member, boolean ready, Map<String, ZoneSerial> serials) {
    if (epoch == 0 || isInSync(member) || waitsFor.contains(member) || !ready) {
      return;
    }
    boolean close =
        cluster.zones().stream()
            .allMatch(zone ->
                commits.get(zone).head().isPresent()
                    && serials.get(zone).isOf(stamp())
                    && commits.get(zone).head().get().value() - serials.get(zone).value() < 3);
    if (close) {
      life.event(new Event.CaughtUp(member));
    }
  }

  private void cover() {
    boolean raised = commits.size() == heads().size() && !commits.isEmpty();
    for (MemberId member : inOrder) {
      if (isInSync(member)) {
        continue;
      }
      if (cluster.makes(Mistake.JOINS_WITHOUT_CATCHING_UP)
          || (raised && hasConfirmed(member, heads()))) {
        life.event(new Event.Covered(member));
      }
    }
  }

  private boolean isInSync(MemberId member) {
    return life.lease().filter(l -> l.isInSync(member)).isPresent();
  }
}
