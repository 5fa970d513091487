package dev.zonekeeper.agent.follow;

import dev.zonekeeper.agent.elect.LeaderView;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Confirmation;
import dev.zonekeeper.dns.Delta;
import dev.zonekeeper.dns.Sender;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/**
 * Answers commit requests: makes the local named hold what the leader holds, and says so when it is
 * durable. What it may confirm is the election's word, asked before and after.
 */
public final class Follower {
  private final LeaderView leader;
  private final LocalZones named;
  private final Resync resync;
  private final Supplier<Sender> self;
  private final Duration patience;
  private final Map<Name, FollowedZone> zones = new ConcurrentHashMap<>();

  /**
   * Makes the follower.
   *
   * @param patience how long a commit request may wait for named; less than the sync time-out
   */
  public Follower(
      LeaderView leader,
      LocalZones named,
      Resync resync,
      Supplier<Sender> self,
      Duration patience) {
    this.leader = leader;
    this.named = named;
    this.resync = resync;
    this.self = self;
    this.patience = patience;
  }

  /** The zones that the local named has. */
  public void zones(Set<Name> present) {
    for (Name gone : new HashSet<>(zones.keySet())) {
      if (!present.contains(gone)) {
        zones.remove(gone);
      }
    }
    present.forEach(z -> zones.computeIfAbsent(z, name -> new FollowedZone(name, named, resync)));
  }

  /** Answers a commit request; blocks while named catches up. */
  public Confirmation confirm(CommitRequest request) throws InterruptedException {
    leader.learn(request.epoch(), patience);
    Optional<Confirmation> refusal = refusal(request);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    FollowedZone zone = zones.get(request.zone());
    if (zone == null) {
      return notYet(request, "zone " + request.zone() + " is not configured here yet");
    }
    Optional<ZoneSerial> held = zone.hold(request, patience);
    if (held.isEmpty()) {
      return notYet(
          request,
          resync.isUnderWay(request.zone())
              ? "a full transfer is under way"
              : "named has not pulled it yet");
    }
    return refusal(request)
        .orElseGet(() ->
            new Confirmation(
                request.zone(),
                held.get().value(),
                request.epoch(),
                self.get(),
                Confirmation.Verdict.DURABLE,
                ""));
  }

  private Optional<Confirmation> refusal(CommitRequest request) {
    return switch (leader.mayConfirm(request.epoch())) {
      case YES -> Optional.empty();
      case NOT_NOW -> Optional.of(notYet(request, "this member does not follow now"));
      case STALE_EPOCH ->
          Optional.of(
              new Confirmation(
                  request.zone(),
                  request.serial(),
                  leader.knownEpoch(),
                  self.get(),
                  Confirmation.Verdict.STALE_EPOCH,
                  "a newer epoch is known here"));
    };
  }

  private Confirmation notYet(CommitRequest request, String why) {
    return new Confirmation(
        request.zone(),
        request.serial(),
        request.epoch(),
        self.get(),
        Confirmation.Verdict.NOT_YET,
        why);
  }

  /** named has ended a transfer of the zone. */
  public void transferEnded(Name zone) {
    FollowedZone followed = zones.get(zone);
    if (followed != null) {
      followed.transferEnded();
    }
  }

  /** The zone's full transfer is safe on the disk. */
  public void resyncEnded(Name zone) {
    FollowedZone followed = zones.get(zone);
    if (followed != null) {
      followed.resyncEnded();
    }
  }

  /** named was started anew, or somebody else leads: nothing that was known holds any more. */
  public void forget() {
    zones.values().forEach(FollowedZone::forget);
  }

  /** How long the zone that is behind the longest has been behind. */
  public Duration lag() {
    return zones.values().stream()
        .map(FollowedZone::lag)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** Whether a leader has said what the zone shall be. */
  boolean hasGoal(Name zone) {
    FollowedZone followed = zones.get(zone);
    return followed != null && followed.hasGoal();
  }

  Optional<SOARecord> goalSoa(Name zone) {
    return Optional.ofNullable(zones.get(zone)).flatMap(FollowedZone::goalSoa);
  }

  List<Delta> changesFrom(Name zone, long serial) {
    FollowedZone followed = zones.get(zone);
    return followed == null ? List.of() : followed.changesFrom(serial);
  }
}
