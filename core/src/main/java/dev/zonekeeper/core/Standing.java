package dev.zonekeeper.core;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that one member of the primary set knows and is.
 *
 * <p>To everybody outside a value that never changes: {@link Election#step} works on a copy and
 * hands out that. The maps and sets in it are replaced, never changed.
 */
public final class Standing {

  /**
   * The lease as seen.
   *
   * @param since when exactly this state of it was seen first
   * @param termSince when this holder and epoch were seen first
   */
  record View(Lease lease, String version, Duration since, Duration termSince) {}

  /** What a compare-and-swap is for. */
  enum Purpose {
    TAKE_OVER,
    KEEP,
    RELEASE
  }

  /** The compare-and-swap under way; {@code unknown} once its outcome could not be learnt. */
  record Pending(Purpose purpose, Optional<String> expectedVersion, Lease next, boolean unknown) {}

  /** What a member said of itself, and when. */
  record Said(Duration at, Claim claim) {}

  /** A follower's last heartbeat, at the leader. */
  record Heard(Duration at, MemberId id, boolean ready, Lease.Edition kept) {}

  /** What a follower may answer to a commit request. */
  public enum MayConfirm {
    YES,
    /** The epoch is over: the sender does not lead any more. */
    STALE_EPOCH,
    /**
     * This member is about to lead, or just stops to; or its disk does not hold yet that it has
     * heard of the epoch.
     */
    NOT_NOW
  }

  static final Duration NEVER = Duration.ofDays(-36500);

  MemberId self;
  Settings settings;
  Role role = new Role.Following();
  String why = "it has just started and has not read the lease yet";
  boolean shuttingDown;

  /** Whether the lease was read since the start. */
  boolean leaseRead;

  /** When the store was last known to answer. */
  Duration leaseReadAt = NEVER;

  /** Whether the store did not answer the last time. */
  boolean storeAway;

  Optional<View> lease = Optional.empty();

  /**
   * What the store holds instead of a lease: one older than the newest seen. It may be replaced.
   */
  Optional<String> outdated = Optional.empty();

  /** The newest lease seen or heard of, in a former life or in this one. */
  Optional<Lease> remembered;

  /**
   * The lease since which there were mere renewals, none of them unseen: it is enough that this one
   * is on the disk.
   */
  Optional<Lease> unchanged;

  /** The highest epoch this member has heard of, in a former life or in this one. */
  long knownEpoch;

  /** What of these two is on the disk. */
  Memory kept;

  Event.LocalState local = new Event.LocalState(false, false, false, Optional.empty());

  // Signs of the leader's life, at a follower.
  Duration leaderHeardAt;
  boolean leaderUnreachable;
  Duration askedAt = NEVER;

  /** Who said that it does not hear the leader, and when. */
  Map<String, Duration> silentTo = Map.of();

  /** What the others said of themselves while there is no lease, by name. */
  Map<String, Said> claims = Map.of();

  Optional<Pending> pending = Optional.empty();

  /** Whether the answer to the last compare-and-swap is still to come. */
  boolean awaitsAnswer;

  /** Members that a compare-and-swap with unknown outcome may have made in-sync. */
  Set<MemberId> doubtful = Set.of();

  // What the leader keeps for its term.

  /** Why it took the lease. */
  String elected = "";

  Map<String, Heard> followers = Map.of();

  /** In-sync members that do not confirm. */
  Set<MemberId> lagging = Set.of();

  /** Members that commits wait for already, not yet in the lease; true: covered. */
  Map<MemberId, Boolean> joining = Map.of();

  /** Members that the lease names no more, though not all that it names have kept that. */
  Set<MemberId> leaving = Set.of();

  /** The edition of this term's lease that named somebody no more, or began the term. */
  Lease.Edition removedIn = Lease.Edition.NONE;

  /** What the committers were told last. */
  Optional<Action.WaitFor> waitsFor = Optional.empty();

  /** The last epoch in which writes were to be taken. */
  long takesWritesIn;

  /** The epoch that the serials need. */
  long wantedEpoch;

  Duration renewedAt = NEVER;

  private Standing(Settings settings, MemberId self, Memory kept, Duration started) {
    this.settings = settings;
    this.self = self;
    this.kept = kept;
    this.remembered = kept.lease();
    this.unchanged = kept.lease();
    this.knownEpoch = kept.epoch();
    this.leaderHeardAt = started;
  }

  /**
   * A member that has just started.
   *
   * @param kept what it has on its disk of an earlier life
   */
  public static Standing starting(Settings settings, MemberId self, Memory kept, Moment now) {
    return new Standing(settings, self, kept, now.elapsed());
  }

  Standing copy() {
    Standing c = new Standing(settings, self, kept, leaderHeardAt);
    c.remembered = remembered;
    c.unchanged = unchanged;
    c.role = role;
    c.why = why;
    c.shuttingDown = shuttingDown;
    c.leaseRead = leaseRead;
    c.leaseReadAt = leaseReadAt;
    c.storeAway = storeAway;
    c.lease = lease;
    c.outdated = outdated;
    c.knownEpoch = knownEpoch;
    c.local = local;
    c.leaderUnreachable = leaderUnreachable;
    c.askedAt = askedAt;
    c.silentTo = silentTo;
    c.claims = claims;
    c.pending = pending;
    c.awaitsAnswer = awaitsAnswer;
    c.doubtful = doubtful;
    c.elected = elected;
    c.followers = followers;
    c.lagging = lagging;
    c.joining = joining;
    c.leaving = leaving;
    c.removedIn = removedIn;
    c.waitsFor = waitsFor;
    c.takesWritesIn = takesWritesIn;
    c.wantedEpoch = wantedEpoch;
    c.renewedAt = renewedAt;
    return c;
  }

  public MemberId self() {
    return self;
  }

  public Settings settings() {
    return settings;
  }

  public Role role() {
    return role;
  }

  /** One sentence for the operator: why this member is what it is. */
  public String why() {
    return why;
  }

  /** The highest epoch this member has heard of. */
  public long knownEpoch() {
    return knownEpoch;
  }

  /** The highest epoch of which it is on the disk that this member has heard of it. */
  public long keptEpoch() {
    return kept.epoch();
  }

  /** Which edition of the lease is on the disk. */
  public Lease.Edition keptEdition() {
    return kept.lease().map(Lease::edition).orElse(Lease.Edition.NONE);
  }

  /** The leader as this member knows it. */
  public Optional<String> leaderName() {
    return lease.flatMap(v -> v.lease().holder());
  }

  /** The lease as last seen; empty when there is none, or none was read yet. */
  public Optional<Lease> lastSeenLease() {
    return lease.map(View::lease);
  }

  /** The epoch this member leads, taking writes or not; empty when it does not lead. */
  public Optional<Long> ownEpoch() {
    return switch (role) {
      case Role.Promoting r -> Optional.of(r.epoch());
      case Role.Leading r -> Optional.of(r.epoch());
      case Role.Draining r -> Optional.of(r.epoch());
      case Role.Releasing r -> Optional.of(r.epoch());
      case Role.Following r -> Optional.empty();
      case Role.Contending r -> Optional.empty();
      case Role.Demoting r -> Optional.empty();
      case Role.Stopped r -> Optional.empty();
    };
  }

  /** Whether this member has reason to believe that the leader is gone. */
  public boolean suspectsLeader(Moment now) {
    if (leaderUnreachable) {
      return true;
    }
    Duration quietSince = leaderHeardAt;
    if (lease.isPresent() && lease.get().termSince().compareTo(quietSince) > 0) {
      quietSince = lease.get().termSince();
    }
    return now.isAtOrAfter(quietSince.plus(settings.silenceLimit()));
  }

  /**
   * Whether this member may confirm to the leader of that epoch, and pull from it. Not before the
   * epoch is on the disk: after a restart it would listen to the leader before, and could be told
   * to throw away what it has confirmed.
   */
  public MayConfirm mayConfirm(long epoch) {
    if (epoch < knownEpoch) {
      return MayConfirm.STALE_EPOCH;
    }
    boolean isKept = epoch <= kept.epoch();
    return isKept && role instanceof Role.Following ? MayConfirm.YES : MayConfirm.NOT_NOW;
  }

  /** Whom the lease names in sync. */
  Set<MemberId> inSync() {
    return lease.map(view -> view.lease().inSync()).orElse(Set.of());
  }

  /** What is to be on the disk. */
  Memory memory() {
    return new Memory(unchanged, knownEpoch);
  }

  /** What this member says of itself when there is no lease. */
  public Claim claim() {
    return new Claim(
        self,
        local.fresh(),
        local.healthy(),
        local.ready(),
        ownEpoch().isPresent(),
        role instanceof Role.Contending || awaitsAnswer,
        remembered,
        knownEpoch,
        local.progress());
  }
}
