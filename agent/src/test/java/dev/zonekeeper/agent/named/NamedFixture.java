package dev.zonekeeper.agent.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Assumptions;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** Real named processes below one folder, on free ports; all ended at the end of the test. */
final class NamedFixture implements AutoCloseable {
  static final Name ZONE = Name.fromConstantString("example.com.");
  static final Duration LIMIT = Duration.ofSeconds(20);
  private static final SecureRandom RANDOM = new SecureRandom();

  final TsigKey clusterKey = TsigKey.generate("cluster", RANDOM);
  final TsigKey userKey = TsigKey.generate("user", RANDOM);
  private final Path folder;
  private final List<NameServer> servers = new ArrayList<>();

  NamedFixture(Path folder) {
    this.folder = folder;
  }

  /** The named to test with: what is installed, or what ZONEKEEPER_NAMED names. */
  static Path named() {
    Optional<Path> named = NamedTools.findNamed();
    Assumptions.assumeTrue(named.isPresent(), "BIND is not installed");
    return named.get();
  }

  /** Settings with free ports; follows the one at the upstream port. */
  NamedSettings settings(String member, int upstreamPort) {
    return settings(member, freePort(), upstreamPort);
  }

  NamedSettings settings(String member, int namedPort, int upstreamPort) {
    return new NamedSettings(
        folder.resolve(member),
        folder.resolve(member + "-run"),
        member,
        namedPort,
        upstreamPort,
        freePort(),
        freePort(),
        Optional.empty(),
        clusterKey,
        named());
  }

  NamedSettings settings(String member) {
    return settings(member, freePort());
  }

  NameServer server(NamedSettings settings) throws IOException, NamedFailure {
    NameServer server = NameServer.of(settings, Clock.systemUTC(), RANDOM);
    servers.add(server);
    return server;
  }

  /** A started primary of the zone, seeded. */
  NameServer primary(NamedSettings settings) throws Exception {
    NameServer server = server(settings);
    seed(settings, ZONE, 1);
    server.apply(ZoneRole.PRIMARY, new Serving(List.of(spec(ZONE)), List.of(userKey)));
    server.start();
    assertThat(server.zonesReady(ZoneRole.PRIMARY, List.of(ZONE), LIMIT)).isEmpty();
    return server;
  }

  /** A started secondary of the zone. */
  NameServer secondary(NamedSettings settings) throws Exception {
    NameServer server = server(settings);
    server.apply(ZoneRole.SECONDARY, new Serving(List.of(spec(ZONE)), List.of(userKey)));
    server.start();
    return server;
  }

  ZoneSpec spec(Name zone) {
    return new ZoneSpec(
        zone, List.of(new Grant(userKey.name(), "zonesub ANY")), List.of(userKey.name()));
  }

  static ZoneFiles files(NamedSettings settings) {
    return new ZoneFiles(settings.workDir(), Clock.systemUTC());
  }

  void seed(NamedSettings settings, Name zone, long serial) throws IOException {
    Path seed = Files.createTempFile(folder, "seed", ".zone");
    Files.writeString(
        seed,
        """
        $TTL 60
        @ IN SOA ns hostmaster ( %d ; serial
             3600 60 604800 60 )
          NS ns
        ns A 127.0.0.1
        """
            .formatted(serial));
    files(settings).seed(zone, seed);
  }

  static SimpleResolver resolver(NameServer server) {
    SimpleResolver resolver = new SimpleResolver(server.address());
    resolver.setTCP(true);
    resolver.setTimeout(Duration.ofSeconds(10));
    return resolver;
  }

  /** Sends the update signed with the key; the RCODE. */
  static int send(NameServer server, Update update, TsigKey key) throws IOException {
    SimpleResolver resolver = resolver(server);
    resolver.setTSIGKey(key.tsig());
    return resolver.send(update).getRcode();
  }

  static int addHost(NameServer server, String host, TsigKey key) throws IOException {
    Update update = new Update(ZONE);
    update.add(
        new ARecord(
            Name.fromString(host, ZONE), DClass.IN, 60, InetAddress.getByName("192.0.2.1")));
    return send(server, update, key);
  }

  static OptionalLong serial(NameServer server, Name zone) throws IOException {
    Message answer =
        resolver(server).send(Message.newQuery(Record.newRecord(zone, Type.SOA, DClass.IN)));
    return answer.getSection(Section.ANSWER).stream()
        .filter(SOARecord.class::isInstance)
        .mapToLong(soa -> ((SOARecord) soa).getSerial())
        .findFirst();
  }

  /** A port that is free for TCP and UDP now. */
  static int freePort() {
    OptionalInt port = OptionalInt.empty();
    while (port.isEmpty()) {
      port = portFreeForBoth();
    }
    return port.getAsInt();
  }

  private static OptionalInt portFreeForBoth() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
        DatagramSocket udp =
            new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()))) {
      return OptionalInt.of(udp.getLocalPort());
    } catch (BindException e) {
      return OptionalInt.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    servers.forEach(NameServer::kill);
    servers.forEach(NameServer::close);
  }
}
