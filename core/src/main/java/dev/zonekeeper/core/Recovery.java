package dev.zonekeeper.core;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What to do when there is no lease.
 *
 * <p>Members that have data do not start afresh, and a member that has none does not lead those
 * that have some. So everybody waits until all of the configured primary set has said what it is.
 * Then either all are fresh and creating the lease is the election, or the lease is made anew from
 * the newest copy that a member kept: only a member that this copy names as in sync may make it.
 * Each of those holds every acknowledged update, for a leader lets nobody go before those that stay
 * have kept that. If somebody has heard of an epoch later than the newest copy, the in-sync set of
 * that one is not known, and a person has to decide.
 *
 * <p>One that still leads makes it itself: it may be shown the old lease once more, and would go
 * on. Else it is the one with the highest serials, which spares full transfers.
 *
 * <p>Two members may come to different results, because what they heard of each other is of
 * different moments, and a store that has no lease takes a proposal of either, however late: after
 * the lease of one was deleted, even that of the other. So nobody makes a lease while another
 * member says that it is at it, and each member has epochs of its own ({@link
 * Settings#nextEpochOf}). That is so on the first start, too: readiness can change between two
 * members' looks at it. What a member said is used for a short time only: it may have led since,
 * with a lease that was deleted in turn.
 */
sealed interface Recovery {

  /** This member makes the lease. */
  record Make(Lease lease, String why) implements Recovery {}

  record Wait(String why) implements Recovery {}

  static Recovery judge(Standing s, Moment now) {
    Map<String, Claim> claims = new TreeMap<>();
    s.claims.forEach((name, said) -> {
      boolean old = now.isAtOrAfter(said.at().plus(s.settings.silenceLimit()));
      if (s.settings.primarySet().contains(name) && !old) {
        claims.put(name, said.claim());
      }
    });
    claims.put(s.self.name(), s.claim());
    Set<String> missing = new TreeSet<>(s.settings.primarySet());
    missing.removeAll(claims.keySet());
    if (!missing.isEmpty()) {
      return new Wait("there is no lease; it waits for an answer of " + String.join(", ", missing));
    }
    List<String> contending =
        claims.values().stream().filter(Claim::contending).map(c -> c.id().name()).toList();
    if (!contending.isEmpty()) {
      return new Wait(
          "there is no lease; it waits for the outcome of a proposal of "
              + String.join(", ", contending));
    }
    long heardOf = claims.values().stream().mapToLong(Claim::knownEpoch).max().orElse(0);
    if (heardOf == 0 && claims.values().stream().allMatch(Claim::fresh)) {
      return firstStart(s, claims, now);
    }
    Optional<Lease> newest =
        claims.values().stream()
            .flatMap(c -> c.lastLease().stream())
            .max(Comparator.comparingLong(Lease::epoch).thenComparingLong(Lease::revision));
    if (newest.isEmpty()) {
      return new Wait(
          "there is no lease and no member knows who was in sync; choose the member whose data"
              + " counts with: zonekeeper failover --force --accept-data-loss --to MEMBER");
    }
    if (heardOf > newest.get().epoch()) {
      return new Wait(
          "there is no lease, and no member has kept that of epoch "
              + heardOf
              + ", so nobody knows who was in sync in it; choose the member whose data counts with:"
              + " zonekeeper failover --force --accept-data-loss --to MEMBER");
    }
    return again(s, claims, newest.get(), now);
  }

  private static Recovery firstStart(Standing s, Map<String, Claim> claims, Moment now) {
    Optional<String> first =
        claims.values().stream().filter(Claim::ready).map(c -> c.id().name()).sorted().findFirst();
    if (first.isEmpty() || !first.get().equals(s.self.name())) {
      return new Wait(
          "there is no lease and no data anywhere; " + first.orElse("nobody yet") + " makes it");
    }
    return new Make(
        lease(s, 0, 1, now), "there was never a lease and no member of the primary set has data");
  }

  private static Recovery again(Standing s, Map<String, Claim> claims, Lease newest, Moment now) {
    List<Claim> candidates =
        claims.values().stream().filter(c -> newest.isInSync(c.id())).collect(Collectors.toList());
    if (candidates.isEmpty()) {
      return new Wait(
          "there is no lease and every member that was in sync, "
              + newest.inSyncNames()
              + ", has lost its data; choose the member whose data counts with: zonekeeper failover"
              + " --force --accept-data-loss --to MEMBER");
    }
    Optional<Claim> leader = candidates.stream().filter(Claim::leading).findFirst();
    if (leader.isPresent() && !leader.get().id().equals(s.self)) {
      return new Wait(
          "there is no lease; " + leader.get().id().name() + ", which leads, makes it anew");
    }
    List<String> silent =
        candidates.stream()
            .filter(c -> !c.healthy() || c.progress().isEmpty())
            .map(c -> c.id().name())
            .toList();
    if (!silent.isEmpty()) {
      return new Wait(
          "there is no lease; it waits for the serials of "
              + String.join(", ", silent)
              + ", which was in sync");
    }
    Optional<Claim> best =
        leader
            .or(() ->
                candidates.stream()
                    .filter(Claim::ready)
                    .max(
                        Comparator.comparing((Claim c) -> c.progress().orElseThrow())
                            .thenComparing(c -> c.id().name(), Comparator.reverseOrder())))
            .filter(Claim::ready);
    if (best.isEmpty() || !best.get().id().equals(s.self)) {
      return new Wait(
          "there is no lease; "
              + best.map(c -> c.id().name() + " holds the highest serials and makes it anew")
                  .orElse("no member that was in sync is ready yet"));
    }
    return new Make(
        lease(s, newest.epoch(), newest.revision() + 1, now),
        leader.isPresent()
            ? "the lease was gone, and it leads"
            : "the lease was gone; of the members in sync it holds the highest serials");
  }

  private static Lease lease(Standing s, long lastEpoch, long revision, Moment now) {
    long epoch = s.settings.nextEpochOf(s.self.name(), Math.max(lastEpoch, s.knownEpoch));
    Duration duration = s.settings.leaseDuration();
    return new Lease(
        Optional.of(s.self.name()),
        epoch,
        revision,
        now.wallClock(),
        duration,
        Set.of(s.self),
        Optional.empty());
  }
}
