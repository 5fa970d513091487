package dev.zonekeeper.agent.follow;

import dev.zonekeeper.agent.changes.ChangeLog;
import dev.zonekeeper.agent.elect.LeaderView;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Confirmation;
import dev.zonekeeper.dns.Delta;
import dev.zonekeeper.dns.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
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
  private final Optional<ChangeLog> log;
  private final Predicate<Name> onLoss;
  private final Pace pace = new Pace();
  private final LongAdder confirmed = new LongAdder();
  private final LongAdder nanosToConfirm = new LongAdder();
  private final Map<Name, FollowedZone> zones = new ConcurrentHashMap<>();

  /** What was in the log when this member began, of zones that it does not have yet. */
  private final Map<Name, List<ChangeLog.Entry>> found = new HashMap<>();

  /**
   * Makes the follower.
   *
   * @param patience how long a commit request may wait for named; less than the sync time-out
   * @param log empty at a member that confirms only what its named has
   * @param onLoss told when named of a zone no longer has what the log follows on; true when nobody
   *     counts on this member's data any more
   */
  public Follower(
      LeaderView leader,
      LocalZones named,
      Resync resync,
      Supplier<Sender> self,
      Duration patience,
      Optional<ChangeLog> log,
      Predicate<Name> onLoss) {
    this.leader = leader;
    this.named = named;
    this.resync = resync;
    this.self = self;
    this.patience = patience;
    this.log = log;
    this.onLoss = onLoss;
    log.map(ChangeLog::found)
        .orElse(List.of())
        .forEach(e -> found.computeIfAbsent(e.delta().zone(), z -> new ArrayList<>()).add(e));
  }

  /** The zones that the local named has. */
  public synchronized void zones(Set<Name> present) {
    for (Name gone : new HashSet<>(zones.keySet())) {
      if (!present.contains(gone)) {
        zones.remove(gone).drop();
      }
    }
    present.forEach(zone -> zones.computeIfAbsent(zone, this::begin));
    found.values().forEach(entries -> entries.forEach(log.orElseThrow()::remove));
    found.clear();
  }

  private FollowedZone begin(Name zone) {
    List<ChangeLog.Entry> entries = Optional.ofNullable(found.remove(zone)).orElse(List.of());
    return new FollowedZone(zone, named, resync, new Backlog(log, entries), pace, onLoss);
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
    long asked = System.nanoTime();
    Optional<ZoneSerial> held = zone.hold(request, patience);
    nanosToConfirm.add(System.nanoTime() - asked);
    confirmed.increment();
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

  /**
   * This member leads: it confirms nothing until all is forgotten. Blocks until named has all that
   * it has confirmed.
   *
   * @return whether it came to that in time
   */
  public boolean lead(Duration atMost) throws InterruptedException {
    zones.values().forEach(FollowedZone::lead);
    return pulledAll(atMost);
  }

  /** named shall have all that this member has confirmed: soon somebody may lead anew. */
  public void hurry() {
    zones.values().forEach(FollowedZone::hurry);
  }

  /**
   * Blocks until named has all that this member has confirmed until now.
   *
   * @return whether it came to that in time
   */
  public boolean pulledAll(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    hurry();
    for (FollowedZone zone : zones.values()) {
      if (!zone.pulledAll(deadline)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether this member has held of each zone what a leader asked for, at some time since it began.
   */
  public boolean hasHeldAll() {
    return zones.values().stream().allMatch(FollowedZone::hasHeld);
  }

  /** How many commit requests for zones that are here have been answered. */
  public long confirmed() {
    return confirmed.sum();
  }

  /** For how many nanoseconds these have waited for the disk, or for named, together. */
  public long nanosToConfirm() {
    return nanosToConfirm.sum();
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
