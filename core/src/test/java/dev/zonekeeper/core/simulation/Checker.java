package dev.zonekeeper.core.simulation;

import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What must hold at any moment, whatever goes wrong. */
final class Checker {
  /** The run has shown an error in the protocol. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String what) {
      super(what);
    }
  }

  private record At(String zone, long serial) {}

  private final Cluster cluster;
  private final Map<String, BitSet> acknowledged = new TreeMap<>();
  private final Map<At, BitSet> contents = new HashMap<>();
  private final Map<Long, String> leaders = new HashMap<>();

  /** Used again and again: this is asked at every moment. */
  private final BitSet missing = new BitSet();

  private boolean lossIsExcused;

  Checker(Cluster cluster) {
    this.cluster = cluster;
  }

  Map<String, BitSet> acknowledged() {
    return acknowledged;
  }

  /** Somebody did what nothing helps against: from now on updates may be lost. */
  void excuseLoss() {
    lossIsExcused = true;
  }

  boolean lossIsExcused() {
    return lossIsExcused;
  }

  /** A client was told that its update is done. */
  void acknowledge(String zone, int update) {
    acknowledged.computeIfAbsent(zone, z -> new BitSet()).set(update);
    checkInSync("when update " + update + " of " + zone + " was acknowledged");
  }

  /** A client was told something that follows from what the zone has, or has not. */
  void answered(String zone, String who, ZoneCopy seen, BitSet known) {
    if (lacks(seen, known) && !lossIsExcused) {
      throw new Violation(
          who
              + " answered an update from "
              + zone
              + " at serial "
              + inWords(seen)
              + ", without "
              + missing
              + " that had been acknowledged before");
    }
  }

  boolean isAcknowledged(String zone, int update) {
    return acknowledged.getOrDefault(zone, new BitSet()).get(update);
  }

  /** Two members with the same serial of a zone have the same content. */
  void serves(String zone, ZoneCopy copy) {
    BitSet there = contents.putIfAbsent(new At(zone, copy.serial().value()), copy.content());
    if (there != null && !there.equals(copy.content())) {
      throw new Violation(
          "serial " + inWords(copy) + " of " + zone + " means " + there + " and " + copy.content());
    }
  }

  /** At most one leader per epoch. */
  void leads(long epoch, String who) {
    String there = leaders.putIfAbsent(epoch, who);
    if (there != null && !there.equals(who)) {
      throw new Violation("epoch " + epoch + " has two leaders: " + there + " and " + who);
    }
  }

  void leaseChanged(Optional<Lease> before, Lease now) {
    Clockwork clock = cluster.clock();
    boolean sameSet = before.map(Lease::inSync).equals(Optional.of(now.inSync()));
    boolean sameTerm =
        before.filter(b -> b.holder().equals(now.holder()) && b.epoch() == now.epoch()).isPresent();
    if (!sameSet || !sameTerm) {
      clock.tell(() ->
          "lease: epoch "
              + now.epoch()
              + " of "
              + now.holder().orElse("nobody, for " + now.handoverTo().orElse("anybody"))
              + ", in sync "
              + now.inSync().stream().map(MemberId::toString).sorted().toList());
    }
    count(before, now);
    checkInSync("when the lease of epoch " + now.epoch() + " was written");
  }

  private void count(Optional<Lease> before, Lease now) {
    Clockwork clock = cluster.clock();
    if (before.isEmpty()) {
      return;
    }
    Lease b = before.get();
    if (now.holder().isEmpty()) {
      clock.did(Clockwork.Deed.HANDOVER);
    } else if (b.holder().isPresent() && !b.holder().equals(now.holder())) {
      clock.did(Clockwork.Deed.TAKEOVER);
    } else if (b.holder().equals(now.holder()) && now.epoch() > b.epoch()) {
      clock.did(Clockwork.Deed.EPOCH_RAISED);
    }
    if (now.epoch() == b.epoch() && !now.inSync().containsAll(b.inSync())) {
      clock.did(Clockwork.Deed.SHRINK);
    }
    if (now.epoch() == b.epoch() && !b.inSync().containsAll(now.inSync())) {
      clock.did(Clockwork.Deed.JOIN);
    }
    if (cluster.store().lease().isPresent()
        && now.inSync().size() == 1
        && b.epoch() < now.epoch()) {
      clock.did(Clockwork.Deed.LEASE_MADE_ANEW);
    }
  }

  /** Every in-sync member holds every acknowledged update. */
  void checkInSync(String when) {
    Optional<Lease> lease = cluster.store().lease();
    if (lease.isEmpty() || lossIsExcused) {
      return;
    }
    for (MemberId id : Life.sorted(lease.get().inSync())) {
      Node node = cluster.node(id.name());
      if (node.disk().incarnation.equals(id.incarnation())) {
        acknowledged.forEach((zone, updates) -> checkHolds(node, zone, updates, when));
      }
    }
  }

  private void checkHolds(Node node, String zone, BitSet updates, String when) {
    Disk.ZoneFile file = node.disk().zones.get(zone);
    if (!node.isUp() && file.marker && !cluster.makes(Mistake.NO_RESYNC_MARKER)) {
      return;
    }
    ZoneCopy copy = node.life().map(l -> l.named().served(zone)).orElse(file.durable);
    if (lacks(copy, updates)) {
      throw new Violation(
          when
              + ", "
              + node.name()
              + " was in sync but missed "
              + missing
              + " of "
              + zone
              + " at serial "
              + inWords(copy));
    }
  }

  /** Whether some of these updates are not in it; they are {@link #missing} then. */
  private boolean lacks(ZoneCopy copy, BitSet updates) {
    missing.clear();
    missing.or(updates);
    missing.andNot(copy.content());
    return !missing.isEmpty();
  }

  static String inWords(ZoneCopy copy) {
    long serial = copy.serial().value();
    return (serial >>> 16) + ":" + (serial & 0xFFFF);
  }
}
