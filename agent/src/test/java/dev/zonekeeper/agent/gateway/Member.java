package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.dns.KeyRing;
import dev.zonekeeper.dns.Replies;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.DnsServer;
import dev.zonekeeper.dns.net.DnsServer.Transport;
import dev.zonekeeper.dns.net.NotSentException;
import dev.zonekeeper.dns.net.ServerLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A gateway with a fake named behind it, fake leadership and commits beside it. */
final class Member implements AutoCloseable {

  final FakeLeadership leadership = new FakeLeadership();
  final FakeCommits commits = new FakeCommits();
  final FakeNamed named = new FakeNamed();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final DnsServer clients;
  final DnsServer peers;

  private final Map<String, DnsPool> others = new ConcurrentHashMap<>();
  private final List<DnsPool> pools = new ArrayList<>();

  Member(GatewaySettings settings, KeyRing keys) throws IOException {
    GatewayCounters counters = new GatewayCounters(meters);
    Gateway gateway =
        new Gateway(
            leadership,
            commits,
            this::to,
            opened(named.pool()),
            opened(named.pool()),
            new Replies(keys),
            () -> Set.of(Wire.ZONE),
            settings,
            counters,
            System::nanoTime);
    clients =
        DnsServer.start(
            Wire.LOOPBACK,
            Set.of(Transport.UDP, Transport.TCP),
            ServerLimits.DEFAULT,
            gateway::handle);
    peers =
        DnsServer.start(
            Wire.LOOPBACK, Set.of(Transport.TCP), ServerLimits.DEFAULT, gateway::handleFromPeer);
    counters.watch(clients, "gateway");
    counters.watch(peers, "peer");
  }

  /** Makes another member known to this one. */
  void knows(String name, Member other) {
    others.put(
        name, opened(new DnsPool(other.peers.address(), DnsPool.Limits.PEER, Optional.empty())));
  }

  void leads() {
    leadership.is(new Leadership.Here(1));
  }

  void follows(String leader) {
    leadership.is(new Leadership.There(leader, 1));
  }

  double count(String name, String... tags) {
    return meters.get(name).tags(tags).counter().count();
  }

  @Override
  public void close() {
    clients.close();
    peers.close();
    pools.forEach(DnsPool::close);
    named.close();
  }

  private DnsPool to(String member) throws NotSentException {
    DnsPool pool = others.get(member);
    if (pool == null) {
      throw new NotSentException("no member is called " + member);
    }
    return pool;
  }

  private DnsPool opened(DnsPool pool) {
    pools.add(pool);
    return pool;
  }
}
