package dev.zonekeeper.agent;

import dev.zonekeeper.agent.commit.CommitDesk;
import dev.zonekeeper.agent.commit.TermEvents;
import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.elect.ElectionLoop;
import dev.zonekeeper.agent.elect.LeaseKeeper;
import dev.zonekeeper.agent.local.LocalNamed;
import dev.zonekeeper.agent.named.BadConfiguration;
import dev.zonekeeper.agent.named.ZoneRole;
import dev.zonekeeper.agent.peer.Facts;
import dev.zonekeeper.agent.peer.Peers;
import dev.zonekeeper.core.Action;
import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.Role;
import dev.zonekeeper.core.Standing;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.net.LoopbackUdp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/**
 * The hands of the election at a member of the primary set: carries out its actions on named, the
 * committers, the lease and the other members, and reports what came of them.
 */
final class PrimaryMember implements Consumer<Action>, TermEvents, NamedKeeper.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(PrimaryMember.class);
  private static final Duration UPKEEP_EVERY = Duration.ofMillis(50);
  private static final Duration QUESTION_LIMIT = Duration.ofMillis(500);
  private static final Duration DEMOTE_AGAIN = Duration.ofMillis(500);
  private static final Duration LEAVE_LOOK = Duration.ofMillis(20);
  private static final Duration PULL_LIMIT = Duration.ofSeconds(5);

  private record Heard(MemberId id, long at) {}

  private final MemberParts parts;
  private final ElectionLoop election;
  private final LeaseKeeper lease;
  private final CommitDesk desk;
  private final Follow follow;
  private final NamedKeeper named;
  private final LoopbackUdp updates;
  private final OwnCondition condition;
  private final ExecutorService roleChanges =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("role").factory());
  private final Map<String, Heard> primaries = new ConcurrentHashMap<>();
  private final Map<String, Heard> secondaries = new ConcurrentHashMap<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean leaving;

  PrimaryMember(
      MemberParts parts,
      ElectionLoop election,
      LeaseKeeper lease,
      CommitDesk desk,
      Follow follow,
      NamedKeeper named,
      LoopbackUdp updates) {
    this.parts = parts;
    this.election = election;
    this.lease = lease;
    this.desk = desk;
    this.follow = follow;
    this.named = named;
    this.updates = updates;
    this.condition = new OwnCondition(parts, named, election::post);
  }

  /**
   * Ends this member's part: hands over if it leads; else the leader is told, so that no commit
   * waits for a member that is gone. Returns when that is done, or the time is over.
   */
  void leave(Duration atMost) throws InterruptedException {
    leaving = true;
    long deadline = System.nanoTime() + atMost.toNanos();
    election.post(new Event.ShutdownRequested());
    stopped.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    while (System.nanoTime() - deadline < 0 && isWaitedFor()) {
      tellLeader();
      Thread.sleep(LEAVE_LOOK);
      lease.read();
    }
  }

  private void tellLeader() {
    Optional<String> leader = election.standing().leaderName();
    if (leader.isEmpty() || leader.get().equals(parts.name())) {
      return;
    }
    try {
      parts.peers().ask(leader.get(), facts().values(), QUESTION_LIMIT);
    } catch (IOException e) {
      LOG.debug("{} is not told", leader.get(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isWaitedFor() {
    Standing s = election.standing();
    return s.lastSeenLease()
        .filter(l -> l.inSync().size() > s.settings().requiredInSync())
        .filter(l -> l.isInSync(s.self()))
        .filter(l -> l.holder().isPresent() && !l.isHeldBy(parts.name()))
        .isPresent();
  }

  @Override
  public void accept(Action action) {
    switch (action) {
      case Action.ReadLease a -> lease.read();
      case Action.WriteLease a -> lease.write(a.expectedVersion(), a.next());
      case Action.Remember a -> remember(a);
      case Action.Promote a -> roleChanges.execute(() -> promote(a.epoch()));
      case Action.TakeWrites a -> {
        desk.open(a.epoch());
        parts.roleFile().write("leader");
      }
      case Action.WaitFor a -> desk.waitFor(a.members(), a.required());
      case Action.Drain a -> Thread.ofVirtual().name("drain").start(() -> drain(a.epoch()));
      case Action.Demote a -> {
        desk.close(a.why());
        updates.hangUp(a.why()); // a named that hangs would keep their clients waiting
        parts.roleFile().write("standby");
        roleChanges.execute(this::demote);
      }
      case Action.AskOpinions a -> askAll(facts -> opinion(facts.sender(), facts));
      case Action.AskClaims a -> askClaims();
      case Action.TellLeader a -> Thread.ofVirtual().name("tell-leader").start(this::tellLeader);
      case Action.Stop a -> stopped.countDown();
      case Action.Say a -> LOG.info("{}", a.sentence());
    }
  }

  private void remember(Action.Remember action) {
    try {
      parts.home().remember(action.memory());
      condition.diskFails(false);
      election.post(new Event.Remembered(action.memory()));
    } catch (ClosedByInterruptException e) {
      Thread.currentThread().interrupt(); // this member ends
    } catch (IOException e) {
      LOG.error("the data folder cannot be written: {}", e.getMessage());
      condition.diskFails(true);
      condition.report();
    }
  }

  private void promote(long epoch) {
    try {
      long begun = System.nanoTime();
      if (!follow.follower().lead(PULL_LIMIT)) {
        throw new IOException("named has not pulled all that this member has confirmed");
      }
      LOG.info(
          "named has all that this member has confirmed, {} ms later",
          (System.nanoTime() - begun) / 1_000_000);
      ClusterFile cluster = named.cluster();
      Set<Name> seeded = named.seed(cluster);
      if (!seeded.isEmpty()) {
        LOG.info("{} zone(s) are new", seeded.size());
      }
      desk.zones(named.zones(), Set.of());
      named.become(ZoneRole.PRIMARY);
      election.post(new Event.Promoted(epoch));
      named.prepareOtherRole();
    } catch (IOException | BadConfiguration | UncheckedIOException e) {
      LOG.error("this member cannot lead: {}", e.getMessage());
      election.post(new Event.PromotionFailed(epoch, String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void demote() {
    try {
      while (!becameSecondary()) {
        Thread.sleep(DEMOTE_AGAIN);
      }
      follow.forget();
      election.post(new Event.Demoted());
      named.prepareOtherRole();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On a full disk this fails until there is room again; nobody reaches named meanwhile. */
  private boolean becameSecondary() throws InterruptedException {
    try {
      named.become(ZoneRole.SECONDARY);
      return true;
    } catch (IOException | BadConfiguration | UncheckedIOException e) {
      LOG.error("named did not become a secondary: {}", e.getMessage());
      return false;
    }
  }

  private void drain(long epoch) {
    try {
      Duration limit = named.isHealthy() ? parts.timing().syncTimeout() : Duration.ofMillis(100);
      if (!desk.drain(limit)) {
        LOG.warn("handing over with updates under way that are not committed; they are refused");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    election.post(new Event.Drained(epoch));
  }

  /** The cluster file has changed. */
  void configure(ClusterFile wanted) {
    election.post(new Event.SettingsChanged(parts.settings(wanted)));
    roleChanges.execute(() -> configureNow(wanted));
  }

  private void configureNow(ClusterFile wanted) {
    try {
      boolean leads = election.standing().ownEpoch().isPresent();
      Set<Name> made = leads ? named.seed(wanted) : Set.of();
      election
          .standing()
          .ownEpoch()
          .filter(epoch -> !made.isEmpty())
          .ifPresent(epoch -> election.post(new Event.EpochWanted(epoch + 1)));
      if (named.configure(wanted)) {
        follow.zones(named.zones());
        desk.zones(named.zones(), made);
        named.prepareOtherRole();
      }
    } catch (IOException | BadConfiguration | UncheckedIOException e) {
      LOG.error("the changed cluster file is not in force: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // What the parts report.

  @Override
  public void health(boolean healthy) {
    condition.report();
  }

  @Override
  public void restarted() {
    Optional<Long> own = election.standing().ownEpoch();
    if (own.isPresent()) {
      election.post(new Event.EpochWanted(own.get() + 1));
    } else {
      follow.forget();
    }
  }

  @Override
  public void dataLost() {
    startAnew("named ended within a full transfer");
  }

  /** named has older data than it had; true when nobody counts on this member any more. */
  boolean startsAnew() {
    return startAnew("its zone data is older than it was");
  }

  private boolean startAnew(String why) {
    follow.forget(); // before the mark is gone: the new incarnation never held what named served
    boolean done = false;
    try {
      MemberId id = parts.home().newIncarnation(why);
      election.post(new Event.Reincarnated(id));
      done = true;
    } catch (IOException e) {
      LOG.error("the data folder cannot be written: {}", e.getMessage());
      condition.diskFails(true);
    }
    condition.report();
    return done;
  }

  /**
   * A full transfer is about to take a zone's data away: the election must know before, so that it
   * does not take over with what is left.
   *
   * @throws IOException this member does not follow now; the transfer must not begin
   */
  void beforeFullTransfer() throws IOException {
    condition.report();
    try {
      election.awaitTaken();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!(election.standing().role() instanceof Role.Following)) {
      throw new IOException("this member is " + election.standing().role().inWords() + " now");
    }
  }

  /** Tells the election how this member is, if that has changed. */
  void reportCondition() {
    condition.report();
  }

  @Override
  public void lagging(MemberId member) {
    election.post(new Event.Lagging(member));
  }

  @Override
  public void responding(MemberId member) {
    election.post(new Event.Responding(member));
  }

  @Override
  public void caughtUp(MemberId member) {
    election.post(new Event.CaughtUp(member));
  }

  @Override
  public void covered(MemberId member) {
    election.postIf(() -> desk.isCovered(member), new Event.Covered(member));
  }

  @Override
  public void higherEpoch(long epoch) {
    election.post(new Event.HigherEpoch(epoch));
  }

  @Override
  public void epochWanted(long atLeast) {
    election.post(new Event.EpochWanted(atLeast));
  }

  // The other members.

  /** A heartbeat of another member came in. */
  void heard(Sender from, Facts facts) {
    if (named.cluster().member(from.member()).isEmpty()) {
      return;
    }
    MemberId id = new MemberId(from.member(), from.incarnation());
    if (named.cluster().member(from.member()).get().kind() == ClusterFile.Kind.SECONDARY) {
      secondaries.put(from.member(), new Heard(id, System.nanoTime()));
      return;
    }
    if (facts.is("leaving")) {
      primaries.remove(from.member());
      election.post(new Event.Lagging(id));
      return;
    }
    opinion(from, facts);
    primaries.put(from.member(), new Heard(id, System.nanoTime()));
    if (election.standing().ownEpoch().isPresent()) {
      election.post(new Event.FollowerHeard(id, facts.is("ready"), facts.kept()));
    }
  }

  /**
   * Keeps the committers' idea of who lives up to date, and looks at admissions, until interrupted.
   */
  void upkeep() throws InterruptedException {
    while (!Thread.interrupted()) {
      Thread.sleep(UPKEEP_EVERY);
      condition.report();
      if (election.standing().role() instanceof Role.Leading) {
        desk.feed(heardLately(primaries), heardLately(secondaries));
      }
    }
  }

  private Set<MemberId> heardLately(Map<String, Heard> members) {
    long oldest = System.nanoTime() - parts.silenceLimit().toNanos();
    return members.values().stream()
        .filter(heard -> heard.at - oldest > 0)
        .map(Heard::id)
        .collect(Collectors.toSet());
  }

  /** What this member says of itself in heartbeats. */
  Facts facts() {
    Standing standing = election.standing();
    boolean leadsWell =
        standing.ownEpoch().isPresent()
            && (named.isHealthy() || standing.role() instanceof Role.Promoting);
    boolean hears = standing.ownEpoch().isPresent() || !election.suspectsLeader();
    Facts facts =
        Facts.of(
            standing.claim(), standing.keptEdition(), standing.role().inWords(), leadsWell, hears);
    return leaving ? facts.with("leaving", "yes") : facts;
  }

  /** Whoever asks says whether it hears the leader itself: that is an answer, too. */
  private void opinion(Sender from, Facts facts) {
    election.post(
        new Event.Opinion(
            from.member(), facts.number("epoch"), facts.is("leading") || facts.is("hears")));
  }

  private void askClaims() {
    Thread.ofVirtual().name("progress").start(() -> condition.progress(progress()));
    askAll(facts -> election.post(new Event.Claimed(facts.claim())));
  }

  private Optional<Long> progress() {
    long sum = 0;
    LocalNamed local = parts.local();
    try {
      if (!follow.follower().pulledAll(PULL_LIMIT)) {
        return Optional.empty();
      }
      for (Name zone : named.zones()) {
        sum += local.soa(zone).map(SOARecord::getSerial).orElse(0L);
      }
      return Optional.of(sum);
    } catch (IOException e) {
      LOG.debug("named does not tell its serials", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private void askAll(Consumer<Facts> answered) {
    Peers peers = parts.peers();
    Map<String, String> own = facts().values();
    for (ClusterFile.Member member : named.cluster().primaries()) {
      if (!member.name().equals(parts.name())) {
        Thread.ofVirtual()
            .name("ask-" + member.name())
            .start(() -> {
              try {
                answered.accept(peers.ask(member.name(), own, QUESTION_LIMIT));
              } catch (IOException e) {
                LOG.debug("{} does not answer", member.name(), e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
      }
    }
  }
}
