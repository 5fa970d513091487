package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.elect.LeaseFollower;
import dev.zonekeeper.agent.elect.LeaseKeeper;
import dev.zonekeeper.agent.http.MemberStatus;
import dev.zonekeeper.agent.http.StatusServer;
import dev.zonekeeper.agent.named.BadConfiguration;
import dev.zonekeeper.agent.named.NamedFailure;
import dev.zonekeeper.agent.named.NamedHealth;
import dev.zonekeeper.agent.peer.Facts;
import dev.zonekeeper.agent.peer.PeerServer;
import dev.zonekeeper.agent.peer.Peers;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Confirmation;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.net.DnsServer;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.ServerLimits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A secondary at work: all its parts wired, started, and stopped in order. */
final class SecondaryProcess implements MemberProcess, PeerServer.Services {
  private static final Logger LOG = LoggerFactory.getLogger(SecondaryProcess.class);
  private static final Duration SHOW_EVERY = Duration.ofSeconds(1);
  private static final Duration LEASE_LOOK = Duration.ofMillis(250);
  private static final Duration NAMED_STOP_LIMIT = Duration.ofSeconds(10);

  private final MemberParts parts;
  private final Threads threads = new Threads();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LeaseFollower leader;
  private final LeaseKeeper lease;
  private final SecondaryMember member;
  private final Follow follow;
  private final NamedKeeper named;
  private final DnsServer peerServer;
  private final StatusServer http;

  SecondaryProcess(MemberParts parts)
      throws IOException, BadConfiguration, NamedFailure, InterruptedException {
    this.parts = parts;
    Late<Follow> following = new Late<>();
    this.leader =
        new LeaseFollower(now -> {
          parts.peers().hangUpAllBut(now.member(), Peers.Purpose.PULL);
          following.get().ifPresent(Follow::forget);
        });
    this.lease = new LeaseKeeper(parts.leaseStore(), leader::accept, LEASE_LOOK);
    this.member = new SecondaryMember(parts, leader);
    this.named =
        new NamedKeeper(
            parts.server(),
            parts.files(),
            parts.home(),
            new NamedHealth(parts.server().address(), new SecureRandom()),
            parts.cluster().current(),
            member);
    this.follow =
        new Follow(
            leader,
            parts.peers(),
            parts::sender,
            parts.home(),
            parts.local(),
            parts.server(),
            parts.settings().upstreamPort(),
            parts::key,
            parts.timing().syncTimeout().multipliedBy(2).dividedBy(5),
            () -> {},
            zone -> LOG.debug("zone {} is safe", zone),
            Optional.empty(),
            zone -> false);
    following.set(follow);
    member.use(follow, named);
    parts.roleFile().write("secondary");
    follow.zones(named.zones());
    named.start();
    this.peerServer =
        DnsServer.start(
            parts.settings().peer(),
            EnumSet.of(DnsServer.Transport.TCP),
            ServerLimits.DEFAULT,
            new PeerServer(parts.codec(), member::facts, this));
    new JvmMemoryMetrics().bindTo(metrics);
    Gauge.builder("zonekeeper_named_up", named, n -> n.isHealthy() ? 1 : 0)
        .description("1 while named answers")
        .register(metrics);
    this.http = StatusServer.start(parts.settings().http(), sources());
    threads.start("lease-watch", lease::watch);
    threads.start("named-watch", named::watch);
    threads.start("journal-upkeep", parts.journalUpkeep(named::zones, follow::isBusy)::run);
    threads.start("cluster-watch", () -> parts.cluster().run(member::configure));
    threads.start(
        "heartbeats",
        new Heartbeats(
                parts.peers(),
                () -> leader.leader().map(l -> l.member()),
                member::facts,
                parts.timing().heartbeat(),
                new Heartbeats.Listener() {
                  @Override
                  public void heard(Facts facts) {
                    leader.higherEpoch(facts.number("epoch"));
                  }

                  @Override
                  public void unreachable() {
                    LOG.debug("the leader cannot be reached");
                  }
                })
            ::run);
    threads.start("show", this::show);
  }

  private void show() throws InterruptedException {
    while (!Thread.interrupted()) {
      parts.show(
          new Surroundings.Showing(
              ClusterFile.Kind.SECONDARY.word(), false, leader.knownEpoch(), member.why()));
      Thread.sleep(SHOW_EVERY);
    }
  }

  @Override
  public void heard(Sender from, Facts facts) {
    LOG.trace("{} says {}", from, facts);
  }

  @Override
  public Confirmation confirm(CommitRequest request) throws InterruptedException {
    return follow.follower().confirm(request);
  }

  @Override
  public void forwarded(byte[] message, Exchange exchange) {
    exchange.abort();
  }

  @Override
  public void pulled(Sender by, byte[] query, Exchange exchange) {
    exchange.abort();
  }

  private StatusServer.Sources sources() {
    return new StatusServer.Sources(
        threads::dead,
        member::notReady,
        () -> Optional.of("a secondary never leads"),
        this::status,
        metrics::scrape);
  }

  private MemberStatus status() {
    return StatusParts.of(
        parts,
        ClusterFile.Kind.SECONDARY.word(),
        named.isHealthy(),
        member.why(),
        leader.knownEpoch(),
        leader.leader().map(l -> l.member()),
        leader.lease().map(l -> List.copyOf(l.inSyncNames())).orElse(List.of()),
        named.zones(),
        Map.of(),
        follow.follower().lag());
  }

  @Override
  public void stop() throws InterruptedException {
    LOG.info("shutting down");
    threads.stop();
    named.stop(NAMED_STOP_LIMIT);
    peerServer.close();
    http.close();
    follow.close();
    lease.close();
    LOG.info("stopped");
  }
}
