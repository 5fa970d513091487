package dev.zonekeeper.core.simulation;

import static dev.zonekeeper.core.simulation.Clockwork.MILLI;
import static dev.zonekeeper.core.simulation.Clockwork.SECOND;

import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What happens to a cluster in a run: some seconds of trouble while clients write, then everything
 * is repaired, and then writes must work again and all members become equal.
 */
final class Scenario {
  /** The share of the runs, by their seeds, in which faults come in a chosen order. */
  private static final int MISFORTUNE_EVERY = 5;

  private final Clockwork clock;
  private final Cluster cluster;
  private final boolean deletesLease;
  private long troubleEnds;
  private long writesEnd;
  private int updates;
  private int lastUpdateInTrouble;

  Scenario(Clockwork clock, Cluster cluster) {
    this.clock = clock;
    this.cluster = cluster;
    this.deletesLease = clock.maybe(0.2);
  }

  void play() {
    cluster.nodes().forEach(n -> clock.after(clock.between(0, 300 * MILLI), n::start));
    clock.runUntil(SECOND);
    troubleEnds = clock.now() + clock.between(3 * SECOND, 8 * SECOND);
    writesEnd = troubleEnds + 7 * SECOND;
    cluster
        .network()
        .quality(
            clock.maybe(0.5) ? 0.02 : 0, clock.maybe(0.5) ? 0.05 : 0, clock.maybe(0.5) ? 0.05 : 0);
    cluster.store().trouble(clock.maybe(0.5) ? (clock.maybe(0.3) ? 0.5 : 0.15) : 0);
    cluster.store().oldReads(clock.maybe(0.3) ? 0.2 : 0);
    cluster.onFullTransfer(this::perhapsCrash);
    cluster.onProposal(this::perhapsIsolateWhoJoins);
    write();
    if (clock.seed() % MISFORTUNE_EVERY == 0) {
      misfortune();
    } else {
      trouble();
    }
    clock.runUntil(troubleEnds);
    repair();
    clock.runUntil(writesEnd);
    clock.runUntil(writesEnd + SECOND);
    if (!cluster.checker().lossIsExcused()) {
      checkEnd();
    }
  }

  /** Nothing else goes wrong meanwhile, so that it comes as far as it can. */
  private void misfortune() {
    troubleEnds = clock.now() + 8 * SECOND;
    writesEnd = troubleEnds + 7 * SECOND;
    cluster.store().trouble(0);
    cluster.store().oldReads(0);
    new Misfortune(clock, cluster, troubleEnds - SECOND).begin();
  }

  private void write() {
    if (clock.now() > writesEnd) {
      return;
    }
    String zone = clock.oneOf(cluster.zones());
    int update = updates++;
    if (clock.now() < troubleEnds) {
      lastUpdateInTrouble = update;
    }
    send(zone, update, 2);
    if (clock.maybe(0.5)) {
      look(zone);
    }
    clock.after(
        clock.now() < troubleEnds ? clock.between(0, 40 * MILLI) : 200 * MILLI, this::write);
  }

  /** Updates that change nothing, at all members at once: more than one may believe to lead. */
  private void look(String zone) {
    BitSet known =
        (BitSet) cluster.checker().acknowledged().getOrDefault(zone, new BitSet()).clone();
    for (Node node : cluster.nodes()) {
      node.life().ifPresent(gateway -> forward(gateway, leader -> leader.look(zone, known)));
    }
  }

  /** A client that gets no answer asks again, somewhere else. */
  private void send(String zone, int update, int retries) {
    clock
        .oneOf(cluster.nodes())
        .life()
        .ifPresent(gateway -> forward(gateway, leader -> leader.update(zone, update)));
    if (retries > 0 && clock.maybe(0.5)) {
      clock.after(
          clock.between(200 * MILLI, 900 * MILLI),
          () -> {
            if (!cluster.checker().isAcknowledged(zone, update)) {
              clock.did(Clockwork.Deed.RETRY);
              send(zone, update, retries - 1);
            }
          });
    }
  }

  /** A gateway that does not lead sends the update on once. */
  private void forward(Life gateway, Consumer<Committing> update) {
    if (gateway.committing().takesWrites()) {
      update.accept(gateway.committing());
      return;
    }
    Optional<String> leader = gateway.standing().leaderName();
    if (leader.isPresent() && !cluster.network().isCut(gateway.name(), leader.get())) {
      clock.after(
          clock.between(100, 2 * MILLI),
          () ->
              cluster
                  .node(leader.get())
                  .life()
                  .filter(l -> l.committing().takesWrites())
                  .ifPresent(l -> update.accept(l.committing())));
    }
  }

  private void trouble() {
    if (clock.now() > troubleEnds) {
      return;
    }
    Node node = clock.oneOf(cluster.nodes());
    switch ((int) clock.between(0, 16)) {
      case 0, 1 -> crash(node, false);
      case 2 -> crash(node, true);
      case 3 -> leader().ifPresent(l -> crash(l, clock.maybe(0.2)));
      case 4 -> isolate(node);
      case 5 -> oneWay(node, clock.oneOf(cluster.nodes()));
      case 6 -> storeAway();
      case 7 -> cluster.store().askHandover(node.name());
      case 8 -> node.life().ifPresent(this::breakNamed);
      case 9 -> shutdown(node);
      case 10 ->
          node.life().ifPresent(l -> cluster.zones().forEach(z -> l.named().forgetJournal(z)));
      case 11 -> leader().flatMap(Node::life).ifPresent(this::wantEpoch);
      case 12 -> leader().ifPresent(this::sendToSleep);
      case 13 -> fill(node);
      case 14 -> slowDown(node);
      case 15 -> {
        cutOffFromStore(node);
        leader().filter(l -> clock.maybe(0.5)).ifPresent(this::cutOffFromStore);
      }
      default -> {
        if (deletesLease) {
          cluster.store().delete();
        }
      }
    }
    clock.after(clock.between(10 * MILLI, 500 * MILLI), this::trouble);
  }

  private void perhapsCrash(Node node) {
    if (clock.now() < troubleEnds && clock.maybe(0.1)) {
      clock.after(
          clock.between(0, 130 * MILLI),
          () -> {
            if (node.disk().hasMarker() || cluster.makes(Mistake.NO_RESYNC_MARKER)) {
              crash(node, false);
            }
          });
    }
  }

  /** Whoever is about to become in-sync may be silent by then. */
  private void perhapsIsolateWhoJoins(Lease next) {
    if (clock.now() > troubleEnds || !clock.maybe(0.3)) {
      return;
    }
    cluster
        .store()
        .lease()
        .ifPresent(now ->
            Life.sorted(next.inSync()).stream()
                .filter(id -> !now.isInSync(id))
                .findFirst()
                .ifPresent(id -> isolate(cluster.node(id.name()))));
  }

  private Optional<Node> leader() {
    return cluster.store().lease().flatMap(Lease::holder).map(cluster::node);
  }

  private void crash(Node node, boolean diskLost) {
    if (!node.isUp() || (node.disk().hasMarker() && !anotherHoldsAll(node))) {
      return;
    }
    node.crash();
    if (diskLost && anotherHoldsAll(node)) {
      clock.did(Clockwork.Deed.DISK_LOST);
      clock.tell(() -> node.name() + " has lost its disk");
      node.loseDisk();
      cluster.checker().checkInSync("after " + node.name() + " lost its disk");
    }
    clock.after(clock.between(5 * MILLI, 2 * SECOND), node::start);
  }

  /** Zonekeeper promises nothing once no in-sync disk is left. */
  private boolean anotherHoldsAll(Node node) {
    return cluster.store().lastAndNext().stream().allMatch(l -> anotherHoldsAll(node, l));
  }

  private boolean anotherHoldsAll(Node node, Lease lease) {
    return lease.inSync().stream()
        .filter(id -> !id.name().equals(node.name()))
        .anyMatch(id -> {
          Disk disk = cluster.node(id.name()).disk();
          return disk.incarnation.equals(id.incarnation()) && !disk.hasMarker();
        });
  }

  private void isolate(Node node) {
    clock.tell(() -> node.name() + " is cut off");
    for (Node other : cluster.others(node.name())) {
      cluster.network().cut(node.name(), other.name());
      cluster.network().cut(other.name(), node.name());
    }
    healLater();
  }

  /** As a process that is stopped: it hears nothing, but it still believes what it believed. */
  private void sendToSleep(Node node) {
    isolate(node);
    if (clock.maybe(0.5)) {
      cutOffFromStore(node);
    }
  }

  private void oneWay(Node from, Node to) {
    clock.tell(() -> from.name() + " cannot reach " + to.name());
    cluster.network().cut(from.name(), to.name());
    healLater();
  }

  private void healLater() {
    clock.after(clock.between(50 * MILLI, 3 * SECOND), cluster.network()::heal);
  }

  private void storeAway() {
    clock.tell(() -> "store: away");
    cluster.store().away(true);
    clock.after(
        clock.between(50 * MILLI, 3 * SECOND),
        () -> {
          clock.tell(() -> "store: back");
          cluster.store().away(false);
        });
  }

  private void cutOffFromStore(Node node) {
    clock.did(Clockwork.Deed.STORE_CUT_OFF);
    clock.tell(() -> node.name() + " cannot reach the store");
    cluster.store().cutOff(node.name(), true);
    clock.after(
        clock.between(50 * MILLI, 4 * SECOND), () -> cluster.store().cutOff(node.name(), false));
  }

  private void fill(Node node) {
    clock.did(Clockwork.Deed.DISK_FULL);
    node.disk().forgetful = clock.maybe(0.7);
    node.disk().full = !node.disk().forgetful || clock.maybe(0.4);
    clock.tell(() ->
        node.name()
            + "'s disk has no room for"
            + (node.disk().full ? " named" : "")
            + (node.disk().forgetful ? " what it has seen" : ""));
    clock.after(clock.between(0, 500 * MILLI), () -> node.life().ifPresent(Life::localState));
    clock.after(clock.between(50 * MILLI, 3 * SECOND), () -> mend(node));
  }

  private void slowDown(Node node) {
    clock.did(Clockwork.Deed.DISK_SLOW);
    clock.tell(() -> node.name() + "'s disk is slow");
    node.disk().slow = true;
    clock.after(clock.between(50 * MILLI, 3 * SECOND), () -> mend(node));
  }

  private void mend(Node node) {
    node.disk().full = false;
    node.disk().forgetful = false;
    node.disk().slow = false;
    clock.tell(() -> node.name() + "'s disk is well");
    node.life().ifPresent(Life::localState);
  }

  private void breakNamed(Life life) {
    clock.tell(() -> life.name() + "'s named hangs");
    life.namedAnswers(false);
    life.later(clock.between(50 * MILLI, 2 * SECOND), () -> life.namedAnswers(true));
  }

  private void shutdown(Node node) {
    node.life()
        .ifPresent(l -> {
          clock.tell(() -> node.name() + " is asked to end");
          l.event(new Event.ShutdownRequested());
          clock.after(
              clock.between(500 * MILLI, 2 * SECOND),
              () -> {
                if (!node.disk().hasMarker() || anotherHoldsAll(node)) {
                  node.crash();
                  node.start();
                }
              });
        });
  }

  private void wantEpoch(Life life) {
    life.event(new Event.EpochWanted(life.standing().knownEpoch() + clock.between(1, 3)));
  }

  private void repair() {
    clock.tell(() -> "everything is repaired");
    cluster.network().heal();
    cluster.network().quality(0, 0, 0);
    cluster.store().away(false);
    cluster.store().trouble(0);
    cluster.store().oldReads(0);
    for (Node node : cluster.nodes()) {
      cluster.store().cutOff(node.name(), false);
      cluster.store().freeze(node.name(), false);
      mend(node);
    }
    clock.after(2 * SECOND, () -> cluster.nodes().forEach(Node::start));
  }

  /** There is no lease, and a member says that it cannot be made anew without a decision. */
  private boolean needsAPerson() {
    return cluster.store().lease().isEmpty()
        && cluster.nodes().stream()
            .flatMap(n -> n.life().stream())
            .anyMatch(l -> l.standing().why().contains("failover --force"));
  }

  private void checkEnd() {
    if (needsAPerson()) {
      return;
    }
    Lease lease = cluster.store().lease().orElseThrow(() -> wrong("there is no lease at the end"));
    String holder = lease.holder().orElseThrow(() -> wrong("nobody leads at the end"));
    Life leader = cluster.node(holder).life().orElseThrow(() -> wrong("the leader is not up"));
    if (lease.inSync().size() != cluster.nodes().size()) {
      throw wrong("at the end only " + lease.inSyncNames() + " are in sync");
    }
    for (String zone : cluster.zones()) {
      ZoneCopy there = leader.named().served(zone);
      for (Node node : cluster.nodes()) {
        ZoneCopy here = node.life().orElseThrow().named().served(zone);
        if (!here.equals(there)) {
          throw wrong(
              zone
                  + " at "
                  + node.name()
                  + " is "
                  + Checker.inWords(here)
                  + ", at the leader "
                  + Checker.inWords(there));
        }
      }
    }
    cluster.checker().checkInSync("at the end");
    checkWritesCameBack();
  }

  private void checkWritesCameBack() {
    BitSet all = new BitSet();
    cluster.checker().acknowledged().values().forEach(all::or);
    List<Integer> last = List.of(updates - 1, updates - 2, updates - 3);
    for (int update : last) {
      if (!all.get(update)) {
        throw wrong("update " + update + ", one of the last, was not acknowledged");
      }
    }
    if (all.nextSetBit(lastUpdateInTrouble) < 0) {
      throw wrong("no update was acknowledged after the repair");
    }
  }

  private static Checker.Violation wrong(String what) {
    return new Checker.Violation(what);
  }
}
