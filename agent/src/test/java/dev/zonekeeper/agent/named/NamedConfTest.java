package dev.zonekeeper.agent.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.agent.config.QueryLog;
import dev.zonekeeper.dns.TsigKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

class NamedConfTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final TsigKey CLUSTER = key("cluster", 1);
  private static final TsigKey USER = key("user", 2);

  @TempDir Path folder;

  @Test
  void aPrimaryTakesUpdatesByGrantAndNotifiesItsAgent() {
    Grant grant = new Grant(USER.name(), "subdomain dyn.example.com. A AAAA");
    String conf = render(ZoneRole.PRIMARY, new ZoneSpec(ZONE, List.of(grant), List.of()));

    assertThat(conf)
        .contains(
            """
            zone "example.com" {
              file "dyn/example.com.zone";
              type primary;
              update-policy {
                grant "cluster" zonesub ANY;
                grant "user" subdomain dyn.example.com. A AAAA;
              };
            };
            """)
        .contains("notify explicit;")
        .contains("also-notify { 127.0.0.1 port 4; };");
  }

  @Test
  void aSecondaryPullsTheSameFileFromItsAgentAndNotifiesNobody() {
    String conf = render(ZoneRole.SECONDARY, new ZoneSpec(ZONE, List.of(), List.of()));

    assertThat(conf)
        .contains(
            """
            zone "example.com" {
              file "dyn/example.com.zone";
              type secondary;
              primaries { 127.0.0.1 port 3 key "cluster"; };
            };
            """)
        .contains("notify no;")
        .doesNotContain("update-policy");
  }

  @Test
  void transfersAreForTheClusterKeyAndTheZonesOwnTransferKeys() {
    ZoneSpec usual = new ZoneSpec(ZONE, List.of(), List.of());
    ZoneSpec open = new ZoneSpec(name("open.example."), List.of(), List.of(USER.name()));
    String conf =
        render(ZoneRole.PRIMARY, usual, open, new ZoneSpec(name("x."), List.of(), List.of()));

    assertThat(conf.lines().filter(line -> line.contains("allow-transfer")))
        .containsExactly(
            "  allow-transfer { key \"cluster\"; };",
            "  allow-transfer { key \"cluster\"; key \"user\"; };");
    assertThat(conf.indexOf("key \"user\";")).isGreaterThan(conf.indexOf("zone \"open.example\""));
  }

  @Test
  void aSecondaryMemberListensAtItsServiceAddressOnly() throws Exception {
    String v4 = renderWithService("192.0.2.1");
    assertThat(v4)
        .contains("listen-on port 2 { 127.0.0.1; };")
        .contains("listen-on port 5353 { 192.0.2.1; };")
        .contains("listen-on-v6 { none; };");
    assertThat(renderWithService("0.0.0.0")).contains("listen-on port 5353 { any; };");
    assertThat(renderWithService("2001:db8::1"))
        .contains("listen-on-v6 port 5353 { 2001:db8:0:0:0:0:0:1; };")
        .doesNotContain("none; };\n  notify");
  }

  @Test
  void secretsAreInTheFileOfKeysAlone() {
    List<TsigKey> keys = List.of(USER, CLUSTER);
    String conf = NamedConf.render(settings(), ZoneRole.PRIMARY, new Serving(List.of(), keys));
    String secrets = NamedConf.renderKeys(settings(), keys);

    assertThat(conf).contains("include \"" + NamedConf.keysFile(settings(), keys) + "\";");
    assertThat(conf).doesNotContain("secret");
    assertThat(secrets).containsOnlyOnce("key \"cluster\"").containsOnlyOnce("key \"user\"");
  }

  @Test
  void queriesAreNotLoggedUnlessThatIsWanted() {
    assertThat(render(ZoneRole.SECONDARY))
        .contains("querylog no;")
        .doesNotContain("category queries");
    Serving logging = new Serving(List.of(), List.of(), Optional.of(new QueryLog(5, 20)));
    assertThat(NamedConf.render(settings(), ZoneRole.SECONDARY, logging))
        .contains("querylog yes;")
        .contains("file \"query.log\" versions 5 size 20m;")
        .contains("category queries { queries; };");
  }

  @Test
  void otherKeysGoToAnotherFile() {
    assertThat(NamedConf.keysFile(settings(), List.of(USER)))
        .isNotEqualTo(NamedConf.keysFile(settings(), List.of(key("user", 3))));
  }

  @Test
  void twoDifferentKeysOfOneNameAreRefused() {
    assertThatThrownBy(() -> NamedConf.renderKeys(settings(), List.of(USER, key("USER", 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two keys");
  }

  @Test
  void secondariesAskForSerialsLessOftenWhenThereAreManyZones() {
    assertThat(render(ZoneRole.SECONDARY)).contains("max-refresh-time 10;", "max-retry-time 4;");
    ZoneSpec[] many =
        IntStream.range(0, 10_000)
            .mapToObj(i -> new ZoneSpec(name("z" + i + "."), List.of(), List.of()))
            .toArray(ZoneSpec[]::new);
    assertThat(render(ZoneRole.SECONDARY, many))
        .contains("max-refresh-time 2000;", "max-retry-time 200;");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zonesub ANY; }; include \"/etc/passwd",
        "zonesub ANY };",
        "zonesub ANY\nA",
        "zonesub \"A\"",
        "zonesub /* A",
        "nonsense A",
        ""
      })
  void aRuleThatIsNotARuleIsRefused(String rule) {
    assertThatThrownBy(() -> new Grant(USER.name(), rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("update-policy");
  }

  @ParameterizedTest
  @EnumSource(ZoneRole.class)
  void bindTakesAnyZoneNameKeyNameAndFolderName(ZoneRole role) throws Exception {
    Path odd = folder.resolve("a \"quoted\" {folder}; # é");
    NamedSettings settings =
        new NamedSettings(
            odd,
            odd.resolve("run"),
            "m",
            2,
            3,
            4,
            5,
            Optional.empty(),
            CLUSTER,
            NamedFixture.named());
    TsigKey oddKey = new TsigKey(name("odd\\;\\\"key\\032x."), "hmac-sha512", new byte[] {1});
    List<ZoneSpec> zones =
        IntStream.range(0, ODD_NAMES.size())
            .mapToObj(
                i -> new ZoneSpec(name(ODD_NAMES.get(i)), grants(oddKey), List.of(oddKey.name())))
            .toList();
    NameServer server = NameServer.of(settings, Clock.systemUTC(), new SecureRandom());

    server.apply(role, new Serving(zones, List.of(oddKey)));

    assertThat(settings.namedConf()).exists();
  }

  static final List<String> ODD_NAMES =
      List.of(
          ".",
          "com.",
          "EXAMPLE.org.",
          "0/25.2.0.192.in-addr.arpa.",
          "*.wild.example.",
          "_tcp.example.",
          "a\\.b.example.",
          "quote\\\"d.example.",
          "back\\\\slash.example.",
          "sp\\032ace.example.",
          "semi\\;colon.example.",
          "\\000\\255.example.",
          "pa\\(ren\\).example.",
          "per%cent$.example.",
          "\\046\\046\\047etc.example.");

  private static List<Grant> grants(TsigKey key) {
    return List.of(
        new Grant(key.name(), "zonesub ANY"), new Grant(USER.name(), "wildcard *.example.com. A"));
  }

  private String render(ZoneRole role, ZoneSpec... zones) {
    return NamedConf.render(settings(), role, new Serving(List.of(zones), List.of(USER)));
  }

  private String renderWithService(String address) throws Exception {
    InetSocketAddress service = new InetSocketAddress(InetAddress.ofLiteral(address), 5353);
    NamedSettings settings =
        new NamedSettings(
            Path.of("/d"),
            Path.of("/r"),
            "m",
            2,
            3,
            4,
            5,
            Optional.of(service),
            CLUSTER,
            Path.of("/n"));
    return NamedConf.render(settings, ZoneRole.SECONDARY, new Serving(List.of(), List.of()));
  }

  private static NamedSettings settings() {
    return new NamedSettings(
        Path.of("/d"), Path.of("/r"), "m", 2, 3, 4, 5, Optional.empty(), CLUSTER, Path.of("/n"));
  }

  private static TsigKey key(String name, int secret) {
    return new TsigKey(name(name + "."), "hmac-sha256", new byte[] {(byte) secret});
  }

  private static Name name(String text) {
    return Name.fromConstantString(text);
  }
}
