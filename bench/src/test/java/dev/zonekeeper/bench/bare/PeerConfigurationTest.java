package dev.zonekeeper.bench.bare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.dns.TsigKey;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

class PeerConfigurationTest {
  private static final Path FOLDER = Path.of("/some/where");
  private static final Name ZONE = Name.fromConstantString("example.com.");

  @Test
  void knotListensOnLoopbackOnlyAndTakesUpdatesWithTheKeyOnly() {
    byte[] secret = {1, 2, 3};
    TsigKey key = new TsigKey(Name.fromConstantString("client."), "hmac-sha256", secret);

    String configuration = KnotPrimary.configuration(FOLDER, 5399, List.of(ZONE), key);

    assertThat(configuration.lines().map(String::strip))
        .contains(
            "listen: 127.0.0.1@5399",
            "- id: \"client\"",
            "algorithm: hmac-sha256",
            "secret: \"AQID\"",
            "key: \"client\"",
            "action: [update, transfer]",
            "- domain: \"example.com.\"",
            "acl: clients");
  }

  @Test
  void durabilityIsLeftToTheDefaults() {
    TsigKey key = TsigKey.generate("client.", new java.security.SecureRandom());

    assertThat(KnotPrimary.configuration(FOLDER, 5399, List.of(ZONE), key))
        .doesNotContain("journal")
        .doesNotContain("zonefile-sync");
    assertThat(PowerDnsPrimary.configuration(FOLDER, 5399)).doesNotContain("pragma");
  }

  @Test
  void powerDnsListensOnLoopbackOnlyAndAsksNobodyAboutItsVersion() {
    assertThat(PowerDnsPrimary.configuration(FOLDER, 5399).lines())
        .contains(
            "local-address=127.0.0.1",
            "local-port=5399",
            "gsqlite3-database=/some/where/pdns.sqlite3",
            "socket-dir=/some/where",
            "dnsupdate=yes",
            "allow-dnsupdate-from=",
            "security-poll-suffix=");
  }
}
