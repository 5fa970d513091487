package dev.zonekeeper.core.simulation;

import static dev.zonekeeper.core.simulation.Clockwork.MILLI;

import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Faults in an order that chance hardly ever finds: the lease is deleted when what was kept of it
 * on the disks is old. Each step waits for the cluster to have come where the next one hurts.
 */
final class Misfortune {
  private static final long STEP = 5 * MILLI;

  private final Clockwork clock;
  private final Cluster cluster;
  private final long deadline;

  Misfortune(Clockwork clock, Cluster cluster, long deadline) {
    this.clock = clock;
    this.cluster = cluster;
    this.deadline = deadline;
  }

  void begin() {
    when(
        () -> lease(l -> l.holder().isPresent() && l.inSync().size() == cluster.nodes().size()),
        () -> {
          Node leader = cluster.node(cluster.store().lease().orElseThrow().holder().orElseThrow());
          List<Node> others = cluster.others(leader.name());
          boolean swap = clock.maybe(0.5);
          Node first = others.get(swap ? 1 : 0);
          Node second = others.get(swap ? 0 : 1);
          boolean oneIsEnough = cluster.settings().requiredInSync() == 1;
          switch ((int) clock.between(0, oneIsEnough ? 5 : 2)) {
            case 0 -> newcomer(leader, first, second);
            case 1 -> unseenRemoval(leader, first, second);
            case 2 -> forgottenEpoch(leader, first, second);
            case 3 -> loneLeaders(leader, first, second);
            case 4 -> forgetfulLeader(leader, first, second);
            default -> lostTerm(leader, first, second);
          }
        });
  }

  /**
   * One member joins in an epoch whose lease it never reads, and holds alone what was acknowledged
   * in it. The others know of the time before only.
   */
  private void newcomer(Node leader, Node newcomer, Node former) {
    newcomer.crash();
    when(
        () -> isInSync(former) && !isInSync(newcomer) && keeps(former) && keeps(leader),
        () -> {
          newcomer.start();
          when(
              () -> keeps(newcomer),
              () -> {
                cluster.store().cutOff(newcomer.name(), true);
                newcomer.disk().forgetful = clock.maybe(0.5);
                former.crash();
                long before = epoch();
                leader.crash();
                leader.start();
                when(
                    () -> epoch() > before && isInSync(newcomer) && !isInSync(former),
                    () ->
                        clock.after(
                            300 * MILLI, () -> loseLease(newcomer, leader, isInSync(newcomer))));
              });
        });
  }

  /**
   * A leader that is in sync alone, and another that has joined it, takes over, and is alone in
   * turn. Neither could keep that on its disk.
   */
  private void loneLeaders(Node leader, Node next, Node third) {
    third.crash();
    next.crash();
    boolean empty = clock.maybe(0.5);
    when(
        () -> !isInSync(next) && !isInSync(third) && keeps(leader),
        () -> {
          long before = epoch();
          if (empty) {
            next.loseDisk();
            cluster.store().cutOff(next.name(), true);
          }
          next.start();
          if (empty) {
            // As when somebody asks it whether it hears the leader of that epoch.
            next.life().orElseThrow().hearsOfEpoch(before);
          }
          when(
              () -> empty ? next.disk().memory.epoch() == before : keeps(next),
              () -> {
                next.disk().forgetful = true;
                leader.disk().forgetful = true;
                cluster.store().cutOff(next.name(), false);
                when(
                    () -> isInSync(next),
                    () -> {
                      leader.crash();
                      when(
                          () -> epoch() > before && isInSync(next) && !isInSync(leader),
                          () -> clock.after(400 * MILLI, () -> loseLease(next, leader, false)));
                    });
              });
        });
  }

  /**
   * A newcomer takes the place of another in sync within one epoch, and cannot keep that. Only the
   * leader's disk holds it.
   */
  private void unseenRemoval(Node leader, Node newcomer, Node former) {
    newcomer.crash();
    when(
        () -> isInSync(former) && !isInSync(newcomer) && keeps(former) && keeps(leader),
        () -> {
          newcomer.start();
          when(
              () -> keeps(newcomer),
              () -> {
                newcomer.disk().forgetful = true;
                cluster.store().cutOff(newcomer.name(), true);
                if (cluster.settings().requiredInSync() == 1) {
                  afterTheOther(leader, newcomer, former);
                } else {
                  beforeTheOther(leader, newcomer, former);
                }
              });
        });
  }

  private void afterTheOther(Node leader, Node newcomer, Node former) {
    cut(newcomer, cluster.others(newcomer.name()));
    former.crash();
    when(
        () -> !isInSync(former) && !isInSync(newcomer),
        () -> {
          cluster.network().heal();
          when(
              () -> isInSync(newcomer),
              () ->
                  clock.after(300 * MILLI, () -> loseLease(newcomer, leader, isInSync(newcomer))));
        });
  }

  private void beforeTheOther(Node leader, Node newcomer, Node former) {
    when(
        () -> isInSync(newcomer),
        () -> {
          former.crash();
          when(
              () -> !isInSync(former),
              () ->
                  clock.after(300 * MILLI, () -> loseLease(newcomer, leader, isInSync(newcomer))));
        });
  }

  /**
   * A member confirms in a term that its disk does not tell of, starts anew, reads an old lease,
   * and meets the leader before, which does not know that it was replaced.
   */
  private void forgottenEpoch(Node leader, Node next, Node forgets) {
    long before = epoch();
    forgets.disk().forgetful = true;
    cluster.store().freeze(forgets.name(), true);
    cluster.store().cutOff(leader.name(), true);
    cut(leader, cluster.others(leader.name()));
    when(
        () -> epoch() > before && isInSync(forgets),
        () ->
            clock.after(
                300 * MILLI,
                () -> {
                  forgets.crash();
                  cluster.network().heal();
                  cut(next, List.of(leader, forgets));
                  forgets.start();
                }));
  }

  /** A leader goes on alone, and cannot keep that the others are not in sync any more. */
  private void forgetfulLeader(Node leader, Node one, Node other) {
    leader.disk().forgetful = true;
    one.crash();
    other.crash();
    when(
        () -> isInSync(leader) && !isInSync(one) && !isInSync(other),
        () -> clock.after(300 * MILLI, () -> loseLease(leader, one, false)));
  }

  /**
   * One member leads alone, in a term of which another has only heard, and the lease is lost
   * together with its disk. Nobody may go on as if that term had not been.
   */
  private void lostTerm(Node leader, Node next, Node hasHeard) {
    long before = epoch();
    cluster.store().cutOff(hasHeard.name(), true);
    leader.crash();
    when(
        () -> epoch() > before && isInSync(next) && hasHeard.disk().memory.epoch() == epoch(),
        () -> {
          hasHeard.crash();
          when(
              () -> isInSync(next) && !isInSync(hasHeard) && !isInSync(leader),
              () -> clock.after(300 * MILLI, () -> loseLease(leader, next, true)));
        });
  }

  private void cut(Node node, List<Node> others) {
    for (Node other : others) {
      cluster.network().cut(node.name(), other.name());
      cluster.network().cut(other.name(), node.name());
    }
  }

  /** Two crash, one loses its disk perhaps, and the lease is deleted while they are down. */
  private void loseLease(Node one, Node other, boolean diskToo) {
    one.crash();
    other.crash();
    if (diskToo) {
      clock.did(Clockwork.Deed.DISK_LOST);
      clock.tell(() -> other.name() + " has lost its disk");
      other.loseDisk();
    }
    cluster.store().delete();
    for (Node node : cluster.nodes()) {
      cluster.store().cutOff(node.name(), false);
      node.disk().forgetful = false;
      clock.after(clock.between(5 * MILLI, 300 * MILLI), node::start);
    }
  }

  private void when(BooleanSupplier isSo, Runnable then) {
    if (isSo.getAsBoolean()) {
      then.run();
    } else if (clock.now() < deadline) {
      clock.after(STEP, () -> when(isSo, then));
    } else {
      cluster.nodes().forEach(Node::start);
    }
  }

  private boolean lease(Predicate<Lease> is) {
    return cluster.store().lease().filter(is).isPresent();
  }

  private long epoch() {
    return cluster.store().lease().map(Lease::epoch).orElse(0L);
  }

  private boolean isInSync(Node node) {
    return lease(l -> l.isInSync(new MemberId(node.name(), node.disk().incarnation)));
  }

  /** Whether the in-sync set of the present lease is on this disk. */
  private boolean keeps(Node node) {
    return lease(now ->
        node.disk()
            .memory
            .lease()
            .filter(l -> l.epoch() == now.epoch() && l.inSync().equals(now.inSync()))
            .isPresent());
  }
}
