package dev.zonekeeper.agent.commit;

import dev.zonekeeper.agent.gateway.Commits;
import dev.zonekeeper.agent.gateway.NotCommittedException;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.dns.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * All committers of the zones that this member leads: opened and closed with its terms, told by the
 * election whom commits wait for, and telling it who lags, who has caught up and who is covered.
 */
public final class CommitDesk implements Commits {
  private static final Logger LOG = LoggerFactory.getLogger(CommitDesk.class);

  private static final int RAISED_AT_A_TIME = 4;
  private static final Duration RAISE_AGAIN = Duration.ofMillis(500);

  /** So many zones a member is told of at a time when a term begins. */
  private static final int FIRST_NEWS = 32;

  /** An update for a zone that is not one of ours: named refuses it. */
  private static final Applying NOT_OURS =
      new Applying() {
        @Override
        public void close() {}

        @Override
        public long settle() {
          return System.nanoTime();
        }
      };

  private final CommitSettings settings;
  private final ZoneSource source;
  private final MemberLink link;
  private final Supplier<Sender> self;
  private final TermEvents events;
  private final BiConsumer<Name, ZoneSerial> onCommitted;
  private final Map<Name, ZoneCommitter> zones = new ConcurrentHashMap<>();
  private final Map<String, Places> places = new ConcurrentHashMap<>();
  private final Admissions admissions;

  private Optional<Long> epoch = Optional.empty();
  private Set<MemberId> waitsFor = Set.of();
  private int required;
  private Set<MemberFeed.Target> targets = Set.of();
  private final Set<MemberFeed.Target> alive = new HashSet<>();

  /**
   * Makes the desk.
   *
   * @param self who this member is
   * @param onCommitted told of each new commit line, with a zone's lock held: must not block
   */
  public CommitDesk(
      CommitSettings settings,
      ZoneSource source,
      MemberLink link,
      Supplier<Sender> self,
      TermEvents events,
      BiConsumer<Name, ZoneSerial> onCommitted) {
    this.settings = settings;
    this.source = source;
    this.link = link;
    this.self = self;
    this.events = events;
    this.onCommitted = onCommitted;
    this.admissions = new Admissions(zones, events);
  }

  /**
   * A term begins, or goes on in a higher epoch: zones are raised, in the background and on need.
   */
  public synchronized void open(long newEpoch) {
    epoch = Optional.of(newEpoch);
    zones.values().forEach(z -> z.open(newEpoch, waitsFor, required));
    zones.values().forEach(z -> z.feed(targets));
    raiseInBackground(zones.values());
  }

  /** The term is over. */
  public synchronized void close(String why) {
    epoch = Optional.empty();
    waitsFor = Set.of();
    targets = Set.of();
    alive.clear();
    zones.values().forEach(z -> z.close(why));
    admissions.reset();
  }

  /** The members whose confirmation each commit needs from now on. */
  public synchronized void waitFor(Set<MemberId> members, int requiredInAll) {
    waitsFor = members;
    required = requiredInAll;
    zones.values().forEach(z -> z.waitFor(members, requiredInAll));
    feedTargets();
    admissions.waitedFor(members);
  }

  /**
   * The members to keep up to date: primaries get all, secondaries what is committed.
   *
   * @param primaries members of the primary set that are alive, as they call themselves
   */
  public synchronized void feed(Set<MemberId> primaries, Set<MemberId> secondaries) {
    if (epoch.isEmpty()) {
      return;
    }
    alive.clear();
    primaries.forEach(m -> alive.add(new MemberFeed.Target(m, false)));
    secondaries.forEach(m -> alive.add(new MemberFeed.Target(m, true)));
    feedTargets();
    Set<MemberId> outside = new HashSet<>(primaries);
    outside.removeAll(waitsFor);
    admissions.candidates(outside);
    admissions.look();
  }

  private void feedTargets() {
    Set<MemberFeed.Target> next = new HashSet<>(alive);
    waitsFor.forEach(m -> next.add(new MemberFeed.Target(m, false)));
    if (!next.equals(targets)) {
      targets = next;
      zones.values().forEach(z -> z.feed(next));
    }
  }

  /**
   * The zones there are now.
   *
   * @param made zones that begin anew: whatever serials they had before mean something else
   */
  public synchronized void zones(Set<Name> present, Set<Name> made) {
    for (Name gone : new HashSet<>(zones.keySet())) {
      if (!present.contains(gone)) {
        zones.remove(gone).close("zone " + gone + " was removed");
      }
    }
    List<ZoneCommitter> added = new ArrayList<>();
    for (Name zone : present) {
      if (!zones.containsKey(zone)) {
        long minimum = made.contains(zone) ? epoch.map(e -> e + 1).orElse(0L) : 0;
        ZoneCommitter committer = new ZoneCommitter(zone, this, minimum);
        zones.put(zone, committer);
        if (epoch.isPresent()) {
          committer.open(epoch.get(), waitsFor, required);
          committer.feed(targets);
          added.add(committer);
        }
      }
    }
    if (!added.isEmpty()) {
      raiseInBackground(added);
    }
  }

  /**
   * Takes no more updates, and blocks until none is under way any more, or the time is over.
   *
   * @return whether all is committed
   */
  public boolean drain(Duration atMost) throws InterruptedException {
    zones.values().forEach(ZoneCommitter::takeNoMore);
    long deadline = System.nanoTime() + atMost.toNanos();
    boolean all = true;
    for (ZoneCommitter zone : zones.values()) {
      all &= zone.drained(deadline);
    }
    return all;
  }

  /** Whether a joining member has confirmed all that the zones held when commits began to wait. */
  public boolean isCovered(MemberId member) {
    return admissions.isCovered(member);
  }

  /** named says that a zone has changed without an update of a client. */
  public void changedByItself(Name zone) {
    ZoneCommitter committer = zones.get(zone);
    if (committer != null) {
      committer.changedByItself();
    }
  }

  /** The commit line of each zone; without those of which nothing is committed yet. */
  public Map<Name, ZoneSerial> committed() {
    Map<Name, ZoneSerial> lines = new HashMap<>();
    zones.forEach((zone, committer) -> committer.committed().ifPresent(s -> lines.put(zone, s)));
    return lines;
  }

  @Override
  public Applying applying(Name zone) throws NotCommittedException, InterruptedException {
    ZoneCommitter committer = zones.get(zone);
    return committer == null ? NOT_OURS : committer.applying();
  }

  @Override
  public void settleForRead(Name zone) throws NotCommittedException, InterruptedException {
    ZoneCommitter committer = zones.get(zone);
    if (committer != null && committer.canCommit()) {
      committer.settle(0);
    }
  }

  @Override
  public void awaitCommitted(Name zone, long serial)
      throws NotCommittedException, InterruptedException {
    ZoneCommitter committer = zones.get(zone);
    if (committer != null) {
      committer.awaitCommitted(serial);
    }
  }

  CommitSettings settings() {
    return settings;
  }

  ZoneSource source() {
    return source;
  }

  MemberLink link() {
    return link;
  }

  TermEvents events() {
    return events;
  }

  Sender sender() {
    return self.get();
  }

  Places placesAt(String member) {
    return places.computeIfAbsent(member, m -> new Places(FIRST_NEWS));
  }

  Duration requestTimeout() {
    return settings.syncTimeout().dividedBy(2);
  }

  void committed(Name zone, ZoneSerial line) {
    onCommitted.accept(zone, line);
  }

  private void raiseInBackground(Collection<ZoneCommitter> which) {
    long forEpoch = epoch.orElseThrow();
    Queue<ZoneCommitter> left = new ConcurrentLinkedQueue<>(which);
    for (int i = 0; i < RAISED_AT_A_TIME; i++) {
      Thread.ofVirtual().name("raise-" + forEpoch).start(() -> raiseAll(forEpoch, left));
    }
  }

  /**
   * A few zones at a time, so that clients' updates have the way free; those that cannot be raised
   * now again and again, as no member is let in before it holds all zones.
   */
  private void raiseAll(long forEpoch, Queue<ZoneCommitter> left) {
    try {
      ZoneCommitter zone = left.poll();
      while (zone != null && isOpen(forEpoch)) {
        if (!raise(zone)) {
          left.add(zone);
          Thread.sleep(RAISE_AGAIN);
        }
        zone = left.poll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isOpen(long forEpoch) {
    return epoch.equals(Optional.of(forEpoch));
  }

  private boolean raise(ZoneCommitter zone) throws InterruptedException {
    try {
      zone.raise(System.nanoTime() + settings.waitLimit().toNanos());
      zone.changedByItself();
      return true;
    } catch (NotCommittedException e) {
      LOG.info("zone {} is not raised yet: {}", zone.zone(), e.getMessage());
      return false;
    }
  }
}
