package dev.zonekeeper.core;

import java.time.Duration;

/**
 * Whether a standby may take the lease now.
 *
 * <p>Who: a member that the lease names as in sync, with this incarnation, and that is ready.
 * Nobody else, ever. When: the lease is its own from a former life, or released; or the leader is
 * silent and either the lease was seen unchanged for its whole duration, or a majority of the
 * primary set agrees. A leader that is heard keeps leading even if it cannot renew the lease: each
 * confirmation it gets says that nobody took over. Safety does not rest on the "when": the old
 * leader cannot commit without the member that took over.
 */
sealed interface Takeover {

  record Yes(String why) implements Takeover {}

  record No(String why) implements Takeover {}

  /** The leader is silent; whether it is gone for the others, too, must be asked. */
  record Ask(String why) implements Takeover {}

  static Takeover judge(Standing s, Standing.View view, Moment now) {
    Lease lease = view.lease();
    if (!lease.isInSync(s.self)) {
      return new No(
          "it is not in the in-sync set "
              + lease.inSyncNames()
              + ", so it may not lead; "
              + leaderOf(lease));
    }
    if (!s.local.ready()) {
      return new No(
          (s.local.healthy()
                  ? "a full transfer is under way, "
                  : "its named does not answer or its disk is full, ")
              + "so it may not lead; "
              + leaderOf(lease));
    }
    if (lease.isHeldBy(s.self.name())) {
      return new Yes("the lease names it from a former life");
    }
    if (lease.holder().isEmpty()) {
      return released(s, view, now);
    }
    if (!s.suspectsLeader(now)) {
      return new No("in sync; " + leaderOf(lease));
    }
    if (s.leaseReadAt.compareTo(view.since().plus(lease.duration())) >= 0) {
      return new Yes("the lease of " + lease.holder().get() + " has expired and it is silent");
    }
    int gone = 1 + silentPeers(s, now);
    if (gone >= s.settings.majority()) {
      return new Yes(
          gone
              + " of "
              + s.settings.primarySet().size()
              + " members do not hear "
              + lease.holder().get()
              + " any more");
    }
    return new Ask(
        "it does not hear "
            + lease.holder().get()
            + "; "
            + gone
            + " of the "
            + s.settings.majority()
            + " members needed agree, else the lease must expire first");
  }

  private static Takeover released(Standing s, Standing.View view, Moment now) {
    Lease lease = view.lease();
    if (lease.handoverTo().isEmpty()) {
      return new Yes("the lease is free");
    }
    String target = lease.handoverTo().get();
    if (target.equals(s.self.name())) {
      return new Yes("the last leader handed over to it");
    }
    if (now.isAtOrAfter(view.since().plus(s.settings.silenceLimit()))) {
      return new Yes("the last leader handed over to " + target + ", which does not take it");
    }
    return new No("in sync; the last leader handed over to " + target);
  }

  private static int silentPeers(Standing s, Moment now) {
    Duration oldest = now.elapsed().minus(s.settings.silenceLimit());
    return (int)
        s.silentTo.entrySet().stream()
            .filter(e -> s.settings.primarySet().contains(e.getKey()))
            .filter(e -> !e.getKey().equals(s.self.name()))
            .filter(e -> e.getValue().compareTo(oldest) >= 0)
            .count();
  }

  private static String leaderOf(Lease lease) {
    return lease
        .holder()
        .map(h -> h + " leads epoch " + lease.epoch())
        .orElse("nobody leads since epoch " + lease.epoch());
  }
}
