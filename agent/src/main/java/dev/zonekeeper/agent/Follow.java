package dev.zonekeeper.agent;

import dev.zonekeeper.agent.changes.ChangeLog;
import dev.zonekeeper.agent.elect.LeaderView;
import dev.zonekeeper.agent.follow.Follower;
import dev.zonekeeper.agent.follow.Resync;
import dev.zonekeeper.agent.follow.Upstream;
import dev.zonekeeper.agent.home.MemberHome;
import dev.zonekeeper.agent.local.LocalNamed;
import dev.zonekeeper.agent.named.NameServer;
import dev.zonekeeper.agent.named.NamedLog;
import dev.zonekeeper.agent.peer.Peers;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.DnsServer;
import dev.zonekeeper.dns.net.NotSentException;
import dev.zonekeeper.dns.net.ServerLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;

/** What every member does that does not lead: the follower, its upstream port, its resyncs. */
final class Follow implements AutoCloseable {
  private final LeaderView leader;
  private final Peers peers;
  private final String self;
  private final Resync resync;
  private final Follower follower;
  private final Optional<ChangeLog> log;
  private final Upstream upstream;
  private final DnsServer upstreamPort;

  /**
   * Starts listening on the upstream port.
   *
   * @param onSafe told when a full transfer is safe on the disk
   * @param patience how long a commit request may wait for named
   * @param gate asked before each full transfer into this member's named
   * @param log where this member keeps what its named has yet to pull; empty if it confirms only
   *     what named has
   * @param onLoss told when a zone's data is older than what the log follows on; true when nobody
   *     counts on this member's data any more
   */
  Follow(
      LeaderView leader,
      Peers peers,
      Supplier<Sender> sender,
      MemberHome home,
      LocalNamed named,
      NameServer server,
      int port,
      Supplier<TSIG> key,
      Duration patience,
      Resync.Gate gate,
      Consumer<Name> onSafe,
      Optional<ChangeLog> log,
      Predicate<Name> onLoss)
      throws IOException {
    this.leader = leader;
    this.peers = peers;
    this.self = sender.get().member();
    this.resync =
        new Resync(
            home.markers(),
            named,
            gate,
            zone -> {
              safe(zone);
              onSafe.accept(zone);
            });
    this.follower = new Follower(leader, named, resync, sender, patience, log, onLoss);
    this.log = log;
    server.log().onTransferEnd(this::transferEnded);
    this.upstream = new Upstream(follower, named, resync, this::toLeader, key);
    this.upstreamPort =
        DnsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            EnumSet.allOf(DnsServer.Transport.class),
            ServerLimits.DEFAULT,
            upstream);
  }

  Follower follower() {
    return follower;
  }

  /** Whether named is given a long transfer, or still applies it. */
  boolean isBusy() {
    return upstream.isBusy();
  }

  void zones(Set<Name> names) {
    follower.zones(names);
  }

  /** Nothing that was known of the zones holds any more; whoever leads will say what there is. */
  void forget() {
    follower.forget();
  }

  private void safe(Name zone) {
    follower.resyncEnded(zone);
  }

  private void transferEnded(NamedLog.TransferEnd end) {
    follower.transferEnded(end.zone());
  }

  private DnsPool toLeader() throws IOException {
    LeaderView.Leader now =
        leader.leader().orElseThrow(() -> new NotSentException("no member leads"));
    if (now.member().equals(self)) {
      throw new NotSentException("this member leads");
    }
    if (now.epoch() < leader.knownEpoch()) {
      throw new NotSentException(now.member() + " leads an epoch that is over");
    }
    return peers.pool(now.member(), Peers.Purpose.PULL);
  }

  @Override
  public void close() {
    upstreamPort.close();
    log.ifPresent(ChangeLog::close);
  }
}
