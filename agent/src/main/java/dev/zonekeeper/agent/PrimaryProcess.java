package dev.zonekeeper.agent;

import dev.zonekeeper.agent.changes.ChangeLog;
import dev.zonekeeper.agent.commit.CommitDesk;
import dev.zonekeeper.agent.commit.CommitSettings;
import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.elect.ElectionLoop;
import dev.zonekeeper.agent.elect.LeaseKeeper;
import dev.zonekeeper.agent.follow.Follower;
import dev.zonekeeper.agent.gateway.Gateway;
import dev.zonekeeper.agent.gateway.GatewayCounters;
import dev.zonekeeper.agent.gateway.GatewaySettings;
import dev.zonekeeper.agent.http.MemberStatus;
import dev.zonekeeper.agent.http.StatusServer;
import dev.zonekeeper.agent.named.BadConfiguration;
import dev.zonekeeper.agent.named.NamedFailure;
import dev.zonekeeper.agent.named.NamedHealth;
import dev.zonekeeper.agent.peer.Facts;
import dev.zonekeeper.agent.peer.OldLeaders;
import dev.zonekeeper.agent.peer.PeerServer;
import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.Role;
import dev.zonekeeper.core.Standing;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Confirmation;
import dev.zonekeeper.dns.Replies;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.DnsServer;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.LoopbackUdp;
import dev.zonekeeper.dns.net.ServerLimits;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;

/** A member of the primary set at work: all its parts wired, started, and stopped in order. */
final class PrimaryProcess implements MemberProcess, PeerServer.Services {
  private static final Logger LOG = LoggerFactory.getLogger(PrimaryProcess.class);
  private static final int UPDATE_SOCKETS = 4;
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration LEASE_LOOK = Duration.ofMillis(250);
  private static final Duration SHOW_EVERY = Duration.ofMillis(500);
  private static final Duration LEAVE_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
  private static final Duration PULL_LIMIT = Duration.ofSeconds(1);
  private static final Duration NAMED_STOP_LIMIT = Duration.ofSeconds(9);

  private final MemberParts parts;
  private final Threads threads = new Threads();
  private final Beginning beginning = new Beginning();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ElectionLoop election;
  private final LeaseKeeper lease;
  private final CommitDesk desk;
  private final Follow follow;
  private final NamedKeeper named;
  private final PrimaryMember member;
  private final Gateway gateway;
  private final DnsServer peerServer;
  private final DnsServer notifyServer;
  private final DnsServer clientServer;
  private final StatusServer http;
  private volatile long commitAskedAt = System.nanoTime();

  PrimaryProcess(MemberParts parts)
      throws IOException, BadConfiguration, NamedFailure, InterruptedException {
    this.parts = parts;
    ClusterFile cluster = parts.cluster().current();
    this.election =
        new ElectionLoop(
            Standing.starting(
                parts.settings(cluster),
                parts.home().id(),
                parts.home().memory(),
                MemberParts.now()),
            MemberParts::now,
            TICK);
    this.lease = new LeaseKeeper(parts.leaseStore(), election::post, LEASE_LOOK);
    ForeignNotifier foreign = new ForeignNotifier(parts.cluster()::current);
    Late<PrimaryMember> hands = new Late<>();
    this.named =
        new NamedKeeper(
            parts.server(),
            parts.files(),
            parts.home(),
            new NamedHealth(parts.server().address(), new SecureRandom()),
            cluster,
            new NamedKeeper.Listener() {
              @Override
              public void health(boolean healthy) {
                hands.get().ifPresent(h -> h.health(healthy));
              }

              @Override
              public void restarted() {
                hands.get().ifPresent(PrimaryMember::restarted);
              }

              @Override
              public void dataLost() {
                hands.get().ifPresent(PrimaryMember::dataLost);
              }
            });
    this.desk =
        new CommitDesk(
            new CommitSettings(
                parts.timing().syncTimeout(), parts.timing().syncTimeout().plusSeconds(1), 2),
            parts.local(),
            parts.peers(),
            parts::sender,
            new LateTermEvents(hands),
            (zone, serial) -> foreign.committed(zone));
    this.follow =
        new Follow(
            election,
            parts.peers(),
            parts::sender,
            parts.home(),
            parts.local(),
            parts.server(),
            parts.settings().upstreamPort(),
            parts::key,
            parts.timing().syncTimeout().multipliedBy(2).dividedBy(5),
            () -> {
              if (hands.get().isPresent()) {
                hands.get().get().beforeFullTransfer();
              }
            },
            zone -> hands.get().ifPresent(PrimaryMember::reportCondition),
            Optional.of(ChangeLog.open(parts.settings().data().resolve("changes"))),
            zone -> hands.get().filter(PrimaryMember::startsAnew).isPresent());
    LoopbackUdp updates = new LoopbackUdp(parts.server().address(), UPDATE_SOCKETS, toNamed());
    parts.server().onExit(reason -> updates.hangUp(reason.sentence()));
    this.member = new PrimaryMember(parts, election, lease, desk, follow, named, updates);
    hands.set(member);
    parts.roleFile().write("standby");
    follow.zones(named.zones());
    desk.zones(named.zones(), Set.of());
    GatewayCounters counters = new GatewayCounters(metrics);
    this.gateway =
        new Gateway(
            election,
            desk,
            parts.peers(),
            updates,
            toNamed(),
            new Replies(new ClientKeys(parts.cluster()::current)::ring),
            named::zones,
            GatewaySettings.DEFAULT.withWriteHold(parts.timing().writeHold()),
            counters,
            System::nanoTime);
    named.start();
    member.reportCondition();
    this.peerServer =
        DnsServer.start(
            parts.settings().peer(),
            EnumSet.of(DnsServer.Transport.TCP),
            ServerLimits.PEERS,
            new PeerServer(parts.codec(), member::facts, this));
    this.notifyServer =
        DnsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), parts.settings().notifyPort()),
            EnumSet.allOf(DnsServer.Transport.class),
            ServerLimits.DEFAULT,
            this::notified);
    this.clientServer =
        DnsServer.start(
            parts.settings().dns(),
            EnumSet.allOf(DnsServer.Transport.class),
            ServerLimits.DEFAULT,
            gateway::handle);
    counters.watch(clientServer, "gateway");
    counters.watch(peerServer, "peer");
    meters();
    this.http = StatusServer.start(parts.settings().http(), sources());
    startThreads();
  }

  private DnsPool toNamed() {
    return new DnsPool(parts.server().address(), DnsPool.Limits.NAMED, Optional.empty());
  }

  private void startThreads() {
    threads.start("election", () -> election.run(member));
    threads.start("lease-watch", lease::watch);
    threads.start("named-watch", named::watch);
    threads.start("journal-upkeep", parts.journalUpkeep(named::zones, follow::isBusy)::run);
    threads.start("upkeep", member::upkeep);
    threads.start("cluster-watch", () -> parts.cluster().run(member::configure));
    threads.start(
        "heartbeats",
        new Heartbeats(
                parts.peers(),
                this::otherLeader,
                member::facts,
                parts.timing().heartbeat(),
                new Heartbeats.Listener() {
                  @Override
                  public void heard(Facts leader) {
                    election.post(new Event.LeaderHeard(leader.number("epoch")));
                    leader.ownLease().ifPresent(l -> election.post(new Event.LeaseHeard(l)));
                  }

                  @Override
                  public void unreachable() {
                    follow.follower().hurry();
                    election.post(new Event.LeaderUnreachable());
                  }
                })
            ::run);
    threads.start("leader-watch", this::watchLeaders);
    threads.start("show", this::show);
  }

  private void show() throws InterruptedException {
    while (!Thread.interrupted()) {
      var view = election.now();
      Standing now = election.standing();
      beginning.look(now);
      parts.show(
          new Surroundings.Showing(
              now.role() instanceof Role.Leading ? "leader" : "standby",
              now.lastSeenLease().filter(l -> l.isInSync(now.self())).isPresent(),
              now.knownEpoch(),
              now.why()));
      election.awaitOther(view, SHOW_EVERY);
    }
  }

  private Optional<String> otherLeader() {
    return election.standing().leaderName().filter(name -> !name.equals(parts.name()));
  }

  private void watchLeaders() throws InterruptedException {
    OldLeaders old = new OldLeaders(parts.peers(), parts.timing().writeHold().dividedBy(2));
    while (!Thread.interrupted()) {
      var view = election.now();
      election.standing().leaderName().ifPresent(old::leads);
      if (!election.awaitOther(view, Duration.ofSeconds(1)).equals(view)) {
        follow.follower().hurry(); // whoever leads next
      }
    }
  }

  private void notified(byte[] bytes, Exchange exchange) throws IOException {
    Message message = new Message(bytes);
    if (message.getHeader().getOpcode() == Opcode.NOTIFY && message.getQuestion() != null) {
      message.getHeader().setFlag(org.xbill.DNS.Flags.QR);
      exchange.answer(message.toWire());
      desk.changedByItself(message.getQuestion().getName());
    }
  }

  // The peer port.

  @Override
  public void heard(Sender from, Facts facts) {
    member.heard(from, facts);
  }

  @Override
  public Confirmation confirm(CommitRequest request) throws InterruptedException {
    long now = System.nanoTime();
    if (now - commitAskedAt >= TICK.toNanos()) {
      commitAskedAt = now; // under load there are thousands a second
      election.post(new Event.CommitAsked(request.epoch()));
    }
    return follow.follower().confirm(request);
  }

  @Override
  public void forwarded(byte[] message, Exchange exchange) throws Exception {
    gateway.handleFromPeer(message, exchange);
  }

  @Override
  public void pulled(Sender by, byte[] query, Exchange exchange) throws Exception {
    boolean isPrimary =
        parts
            .cluster()
            .current()
            .member(by.member())
            .filter(m -> m.kind() == ClusterFile.Kind.PRIMARY)
            .isPresent();
    Role role = election.standing().role();
    if (isPrimary && (role instanceof Role.Leading || role instanceof Role.Draining)) {
      // At once, what is not committed as well: commits wait for it, the last ones of a term too.
      parts.local().relay(query, exchange);
    } else if (role instanceof Role.Leading) {
      gateway.handleFromPeer(query, exchange);
    } else {
      // To be held here would keep the caller from what the next leader asks of it.
      exchange.abort();
    }
  }

  // What is told.

  private void meters() {
    new JvmMemoryMetrics().bindTo(metrics);
    Gauge.builder("zonekeeper_epoch", election, e -> e.standing().knownEpoch())
        .description("The highest epoch this member has heard of")
        .register(metrics);
    Gauge.builder(
            "zonekeeper_leader", election, e -> e.standing().role() instanceof Role.Leading ? 1 : 0)
        .description("1 on the leader, 0 elsewhere")
        .register(metrics);
    Gauge.builder(
            "zonekeeper_in_sync_members",
            election,
            e -> e.standing().lastSeenLease().map(l -> l.inSync().size()).orElse(0))
        .description("Members that hold every acknowledged update, by the lease")
        .register(metrics);
    Gauge.builder("zonekeeper_named_up", named, n -> n.isHealthy() ? 1 : 0)
        .description("1 while named answers")
        .register(metrics);
    FunctionTimer.builder(
            "zonekeeper_confirm_seconds",
            follow.follower(),
            Follower::confirmed,
            Follower::nanosToConfirm,
            TimeUnit.NANOSECONDS)
        .description("What the leader's commit requests waited for here: the disk, or named")
        .register(metrics);
    Gauge.builder("zonekeeper_full_transfers", parts, p -> p.home().markers().size())
        .description("Zones whose full transfer is not safe on the disk yet")
        .register(metrics);
  }

  private StatusServer.Sources sources() {
    return new StatusServer.Sources(
        threads::dead,
        () ->
            named.isHealthy()
                ? beginning.notReady(election.standing())
                : Optional.of("named does not answer"),
        () ->
            election.standing().role() instanceof Role.Leading && named.isHealthy()
                ? Optional.empty()
                : Optional.of(election.standing().why()),
        this::status,
        metrics::scrape);
  }

  private MemberStatus status() {
    Standing standing = election.standing();
    Optional<Lease> seen = standing.lastSeenLease();
    boolean leads = standing.role() instanceof Role.Leading;
    return StatusParts.of(
        parts,
        leads ? "leader" : "standby",
        named.isHealthy(),
        standing.why(),
        standing.knownEpoch(),
        standing.leaderName(),
        seen.map(l -> List.copyOf(l.inSyncNames())).orElse(List.of()),
        named.zones(),
        leads ? desk.committed() : Map.of(),
        leads ? Duration.ZERO : follow.follower().lag());
  }

  @Override
  public void stop() throws InterruptedException {
    LOG.info("shutting down");
    member.leave(LEAVE_LIMIT);
    clientServer.stop(ANSWER_LIMIT);
    threads.stop();
    follow.follower().pulledAll(PULL_LIMIT); // so that named's own files are all there is
    named.stop(NAMED_STOP_LIMIT);
    peerServer.close();
    notifyServer.close();
    http.close();
    follow.close();
    election.close();
    lease.close();
    LOG.info("stopped");
  }
}
