package dev.zonekeeper.campaign.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.zonekeeper.campaign.load.Branch;
import dev.zonekeeper.campaign.load.OwnNames;
import dev.zonekeeper.campaign.load.Server;
import dev.zonekeeper.campaign.load.ServerWatch;
import dev.zonekeeper.campaign.load.ZoneContent;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Update;

/** At a real {@code named}, with names of the campaign and of others in one zone. */
class OwnNamesTest {
  private static final Duration START = Duration.ofSeconds(20);
  private static final Name ZONE = Name.fromConstantString("a.example.");

  @TempDir private Path folder;
  private final TsigKey key = TsigKey.generate("k.", new SecureRandom());
  private PlainNamed named;

  @BeforeEach
  void aServer() throws Exception {
    assumeTrue(
        Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "named"))),
        "named is not installed");
    named = new PlainNamed("named", folder, freePort(), List.of(ZONE), List.of(key));
    named.seed();
    named.configurePrimary(List.of());
    named.start();
    long deadline = System.nanoTime() + START.toNanos();
    while (ServerWatch.serial(named.server(), ZONE).isEmpty()) {
      assertThat(System.nanoTime()).as("time until named serves").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  @AfterEach
  void end() throws Exception {
    if (named != null) {
      named.kill();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private void write(String name) throws IOException {
    Update update = new Update(ZONE);
    update.add(new TXTRecord(Name.fromString(name, ZONE), 1, 60, "x"));
    SimpleResolver resolver = new SimpleResolver(address());
    resolver.setTSIGKey(key.tsig());
    resolver.setTimeout(Duration.ofSeconds(10));
    assertThat(resolver.send(update).getRcode()).isZero();
  }

  private InetSocketAddress address() {
    return named.server().address().get().orElseThrow();
  }

  private List<String> texts() throws IOException {
    return ZoneContent.of(named.server(), Branch.of(ZONE), key).content().keySet().stream()
        .map(Object::toString)
        .sorted()
        .toList();
  }

  private OwnNames names(TsigKey with) {
    return new OwnNames(List.of(OwnNames.branch(ZONE, 7)), List.of(with), named.server());
  }

  @Test
  void its_own_names_are_deleted_and_no_others() throws Exception {
    write("theirs");
    write("x.8.zonekeeper-campaign");
    write("zonekeeper-campaign");
    write("w0-0.7.zonekeeper-campaign");
    write("w0-1.7.zonekeeper-campaign");

    names(key).delete();

    assertThat(texts())
        .containsExactly(
            "theirs.a.example",
            "x.8.zonekeeper-campaign.a.example",
            "zonekeeper-campaign.a.example");
  }

  @Test
  void trying_out_leaves_nothing() throws Exception {
    names(key).prepare();

    assertThat(texts()).isEmpty();
  }

  @Test
  void a_key_that_may_not_write_is_told_what_it_needs() {
    TsigKey stranger = TsigKey.generate("s.", new SecureRandom());

    assertThatThrownBy(() -> names(stranger).prepare())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("with key s at named was not acknowledged")
        .hasMessageContaining("\"subdomain zonekeeper-campaign.a.example. TXT\"");
  }

  @Test
  void a_server_that_is_nowhere_is_named() {
    Server nowhere = new Server("lost", java.util.Optional::empty);

    assertThatThrownBy(
            () -> new OwnNames(List.of(OwnNames.branch(ZONE, 7)), List.of(key), nowhere).delete())
        .hasMessageContaining("lost is nowhere now");
  }
}
