package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ClusterSource;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.config.MemberSettings;
import dev.zonekeeper.agent.config.Timing;
import dev.zonekeeper.agent.home.MemberHome;
import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.agent.local.LocalNamed;
import dev.zonekeeper.agent.named.JournalUpkeep;
import dev.zonekeeper.agent.named.NameServer;
import dev.zonekeeper.agent.named.NamedFailure;
import dev.zonekeeper.agent.named.NamedSettings;
import dev.zonekeeper.agent.named.NamedTools;
import dev.zonekeeper.agent.named.ZoneFiles;
import dev.zonekeeper.agent.peer.Peers;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.Moment;
import dev.zonekeeper.core.Settings;
import dev.zonekeeper.dns.PeerCodec;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.TsigKey;
import dev.zonekeeper.dns.net.DnsPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;

/** What every member is made of, whatever its kind. */
final class MemberParts implements AutoCloseable {
  private final MemberSettings settings;
  private final Surroundings surroundings;
  private final ClusterFile.Member member;
  private final TsigKey clusterKey;
  private final MemberHome home;
  private final NameServer server;
  private final ZoneFiles files;
  private final LocalNamed local;
  private final Serials serials;
  private final PeerCodec codec;
  private final Peers peers;
  private final RoleFile roleFile;

  /**
   * Makes them all; nothing listens and nothing runs yet.
   *
   * @throws ConfigException the cluster does not know this member
   * @throws NamedFailure BIND is not installed
   */
  MemberParts(MemberSettings settings, Surroundings surroundings, Clock clock, SecureRandom random)
      throws IOException, ConfigException, NamedFailure {
    this.settings = settings;
    this.surroundings = surroundings;
    this.member =
        surroundings
            .cluster()
            .current()
            .member(settings.member())
            .orElseThrow(() -> new ConfigException("members: there is no " + settings.member()));
    this.clusterKey = TsigKey.read(settings.clusterKey()).getFirst();
    Files.createDirectories(settings.run());
    this.home = MemberHome.open(settings.member(), settings.data(), random);
    this.server = NameServer.of(namedSettings(), clock, random);
    this.files = new ZoneFiles(settings.data(), clock);
    this.local =
        new LocalNamed(
            server,
            files,
            new DnsPool(server.address(), DnsPool.Limits.NAMED, Optional.empty()),
            this::key);
    this.serials = new Serials(local);
    this.codec = new PeerCodec(this::clusterKey);
    this.peers = new Peers(codec, this::sender, this::peerAddress);
    this.roleFile = new RoleFile(settings.run());
  }

  private NamedSettings namedSettings() throws NamedFailure {
    boolean secondary = member.kind() == ClusterFile.Kind.SECONDARY;
    return new NamedSettings(
        settings.data(),
        settings.run(),
        settings.member(),
        settings.namedPort(),
        settings.upstreamPort(),
        settings.notifyPort(),
        settings.rndcPort(),
        secondary ? Optional.of(settings.dns()) : Optional.empty(),
        clusterKey,
        NamedTools.findNamed()
            .orElseThrow(() ->
                new NamedFailure(
                    "named is not installed; install BIND 9.18 or later (Debian, Ubuntu: bind9)")));
  }

  private Optional<InetSocketAddress> peerAddress(String name) {
    return surroundings.cluster().current().member(name).map(ClusterFile.Member::peer);
  }

  MemberSettings settings() {
    return settings;
  }

  String name() {
    return settings.member();
  }

  ClusterFile.Member member() {
    return member;
  }

  Timing timing() {
    return settings.timing();
  }

  Duration silenceLimit() {
    return timing().heartbeat().multipliedBy(timing().heartbeatsMissed());
  }

  Settings settings(ClusterFile wanted) {
    return new Settings(
        wanted.primaries().stream().map(ClusterFile.Member::name).collect(Collectors.toSet()),
        wanted.minInSync(),
        timing().lease(),
        timing().renew(),
        silenceLimit());
  }

  /** A fresh signer with the cluster's key; signers are not shared between threads. */
  TSIG key() {
    return clusterKey.tsig();
  }

  TsigKey clusterKey() {
    return clusterKey;
  }

  Sender sender() {
    MemberId id = home.id();
    return new Sender(id.name(), id.incarnation());
  }

  ClusterSource cluster() {
    return surroundings.cluster();
  }

  LeaseStore leaseStore() {
    return surroundings.lease();
  }

  void show(Surroundings.Showing now) {
    surroundings.show(now);
  }

  MemberHome home() {
    return home;
  }

  NameServer server() {
    return server;
  }

  ZoneFiles files() {
    return files;
  }

  LocalNamed local() {
    return local;
  }

  Serials serials() {
    return serials;
  }

  PeerCodec codec() {
    return codec;
  }

  Peers peers() {
    return peers;
  }

  /**
   * Shortens the journals of the zones, except within a full transfer, which {@code Resync} saves.
   */
  JournalUpkeep journalUpkeep(Supplier<Set<Name>> zones, BooleanSupplier busy) {
    return new JournalUpkeep(
        server,
        files,
        () ->
            zones.get().stream()
                .filter(zone -> !home.markers().isSet(zone))
                .collect(Collectors.toSet()),
        busy);
  }

  RoleFile roleFile() {
    return roleFile;
  }

  /** The time of day to the microsecond: that is what every lease store keeps. */
  static Moment now() {
    return new Moment(
        Duration.ofNanos(System.nanoTime()),
        Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS));
  }

  @Override
  public void close() throws IOException {
    peers.close();
    local.close();
    home.close();
    surroundings.close();
  }
}
