package dev.zonekeeper.core.simulation;

import static dev.zonekeeper.core.simulation.Clockwork.MILLI;

import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.Role;
import dev.zonekeeper.core.Standing;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.core.simulation.Clockwork.Deed;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The follower's part of a life: heartbeats, transfers, confirmations. */
final class Following {
  /** A leader wants to know whether this member holds the serial. */
  private record Asked(ZoneSerial serial, long epoch, String leader, long taken) {}

  private final Cluster cluster;
  private final Clockwork clock;
  private final Life life;
  private final Map<String, Asked> asked = new TreeMap<>();

  /** A transfer, which has no equal: what a former life of the member asked for is not its. */
  private static final class Transfer {}

  /** Zones with a transfer under way, and which one. */
  private final Map<String, Transfer> transfers = new TreeMap<>();

  Following(Cluster cluster, Life life) {
    this.cluster = cluster;
    this.clock = cluster.clock();
    this.life = life;
  }

  void heartbeat() {
    Optional<String> leader = life.standing().leaderName().filter(l -> !l.equals(life.name()));
    if (leader.isEmpty() || life.standing().ownEpoch().isPresent()) {
      return;
    }
    String to = leader.get();
    if (!cluster.node(to).isUp() && !cluster.network().isCut(life.name(), to)) {
      if (clock.maybe(0.8)) {
        life.later(MILLI, () -> life.event(new Event.LeaderUnreachable()));
      }
      return;
    }
    MemberId id = life.id();
    boolean ready = life.is(Role.Following.class) && life.standing().claim().ready();
    long known = life.standing().knownEpoch();
    Lease.Edition kept = life.standing().keptEdition();
    Map<String, ZoneSerial> serials = life.serials();
    cluster
        .network()
        .send(life.name(), to, there -> there.following().answer(id, ready, known, kept, serials));
  }

  private void answer(
      MemberId from,
      boolean ready,
      long known,
      Lease.Edition kept,
      Map<String, ZoneSerial> serials) {
    life.hearsOfEpoch(known);
    Optional<Long> leads = life.standing().ownEpoch();
    long epoch = life.standing().knownEpoch();
    if (leads.isPresent()) {
      life.event(new Event.FollowerHeard(from, ready, kept));
      life.committing().hears(from, ready, serials);
    }
    Map<String, ZoneSerial> here = life.serials();
    Optional<Lease> lease = life.lease();
    cluster
        .network()
        .send(
            life.name(),
            from.name(),
            back -> back.following().answered(life.name(), leads, epoch, lease, here));
  }

  private void answered(
      String by,
      Optional<Long> leads,
      long known,
      Optional<Lease> lease,
      Map<String, ZoneSerial> serials) {
    if (leads.isEmpty()) {
      life.hearsOfEpoch(known);
      return;
    }
    life.event(new Event.LeaderHeard(leads.get()));
    lease.ifPresent(l -> life.event(new Event.LeaseHeard(l)));
    if (leads.get() == life.standing().knownEpoch()) {
      serials.forEach((zone, serial) -> {
        if (!serial.equals(life.named().served(zone).serial())) {
          refresh(zone, by);
        }
      });
    }
  }

  /**
   * A commit request.
   *
   * @param taken how many updates it had taken then
   */
  void confirm(String zone, ZoneSerial serial, long epoch, String leader, long taken) {
    life.event(new Event.CommitAsked(epoch));
    life.hearsOfEpoch(epoch);
    switch (life.standing().mayConfirm(epoch)) {
      case STALE_EPOCH -> {
        long known = life.standing().knownEpoch();
        cluster.network().send(life.name(), leader, there -> there.hearsOfEpoch(known));
      }
      case NOT_NOW -> {}
      case YES -> {
        if (holds(zone, serial, epoch)) {
          sendConfirmation(zone, new Asked(serial, epoch, leader, taken));
        } else {
          asked.put(zone, new Asked(serial, epoch, leader, taken));
          refresh(zone, leader);
        }
      }
    }
  }

  private boolean holds(String zone, ZoneSerial serial, long epoch) {
    Disk.ZoneFile file = life.disk().zones.get(zone);
    if (cluster.makes(Mistake.NO_RESYNC_MARKER)) {
      ZoneSerial here = life.named().served(zone).serial();
      return here.isOf(epoch) && here.isAtLeast(serial);
    }
    ZoneSerial here = file.durable.serial();
    boolean ofEpoch = cluster.makes(Mistake.NO_EPOCH_IN_SERIALS) || here.isOf(epoch);
    return !file.marker && ofEpoch && here.isAtLeast(serial);
  }

  private void sendConfirmation(String zone, Asked asked) {
    MemberId id = life.id();
    cluster
        .network()
        .send(
            life.name(),
            asked.leader(),
            there ->
                there
                    .committing()
                    .confirmed(id, zone, asked.serial(), asked.epoch(), asked.taken()));
  }

  private void confirmWhatWasAsked(String zone) {
    Asked a = asked.get(zone);
    if (a != null
        && life.standing().mayConfirm(a.epoch()) == Standing.MayConfirm.YES
        && holds(zone, a.serial(), a.epoch())) {
      asked.remove(zone);
      sendConfirmation(zone, a);
    }
  }

  /** named asks its primary, which is whoever leads, for what is newer. */
  private void refresh(String zone, String leader) {
    if (transfers.containsKey(zone) || !life.is(Role.Following.class)) {
      return;
    }
    Transfer mine = new Transfer();
    transfers.put(zone, mine);
    life.later(300 * MILLI, () -> transfers.remove(zone, mine));
    ZoneSerial from = life.named().served(zone).serial();
    cluster
        .network()
        .send(
            life.name(),
            leader,
            there -> {
              if (!there.named().primary) {
                return;
              }
              there
                  .named()
                  .transfer(zone, from, there.standing().knownEpoch(), clock.maybe(0.5))
                  .ifPresentOrElse(
                      transfer ->
                          cluster
                              .network()
                              .send(
                                  there.name(),
                                  life.name(),
                                  back -> back.following().arrives(zone, mine, transfer)),
                      () ->
                          cluster
                              .network()
                              .send(
                                  there.name(),
                                  life.name(),
                                  back -> back.following().transfers.remove(zone, mine)));
            });
  }

  private void arrives(String zone, Transfer which, Named.Transfer transfer) {
    if (transfers.get(zone) != which) {
      return;
    }
    // From here on it does not time out any more, and cannot arrive twice.
    Transfer mine = new Transfer();
    transfers.put(zone, mine);
    switch (transfer) {
      case Named.Transfer.Incremental i -> incremental(zone, i);
      case Named.Transfer.Full f -> full(zone, f);
    }
  }

  private void incremental(String zone, Named.Transfer.Incremental transfer) {
    Asked a = asked.get(zone);
    if (cluster.makes(Mistake.CONFIRMS_BEFORE_DURABLE) && a != null) {
      sendConfirmation(zone, a);
    }
    int order = life.order();
    life.later(
        life.writing(100, 4 * MILLI),
        () -> {
          transfers.remove(zone);
          if (order == life.order() && life.named().apply(zone, transfer.changes())) {
            clock.did(Deed.INCREMENTAL_TRANSFER);
            life.localState();
            confirmWhatWasAsked(zone);
          }
        });
  }

  private void full(String zone, Named.Transfer.Full transfer) {
    if (!life.is(Role.Following.class) || life.disk().full) {
      transfers.remove(zone);
      return;
    }
    int order = life.order();
    clock.did(Deed.FULL_TRANSFER);
    cluster.fullTransferBegins(cluster.node(life.name()));
    life.disk().zones.get(zone).marker = !cluster.makes(Mistake.NO_RESYNC_MARKER);
    life.localState();
    life.later(
        life.writing(MILLI, 50 * MILLI),
        () -> {
          if (order == life.order() && !clock.maybe(0.1)) {
            life.named().replace(zone, transfer.copy());
            confirmWhatWasAsked(zone);
          }
          life.later(life.writing(MILLI, 80 * MILLI), () -> settle(zone));
        });
  }

  /** rndc sync, and the marker goes. It stays as long as the disk is full. */
  private void settle(String zone) {
    if (!life.named().sync(zone)) {
      life.later(100 * MILLI, () -> settle(zone));
      return;
    }
    life.later(
        clock.between(0, 5 * MILLI),
        () -> {
          life.disk().zones.get(zone).marker = false;
          transfers.remove(zone);
          life.localState();
          confirmWhatWasAsked(zone);
        });
  }
}
