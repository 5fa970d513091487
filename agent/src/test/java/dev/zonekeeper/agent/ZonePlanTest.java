package dev.zonekeeper.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.named.Grant;
import dev.zonekeeper.agent.named.ZoneSpec;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

/** Who may change and who may transfer which zone. */
class ZonePlanTest {
  private static final Name COM = Name.fromConstantString("example.com.");
  private static final Name ORG = Name.fromConstantString("example.org.");

  @TempDir Path folder;

  @Test
  void aZoneHasTheGrantsThatNameIt() throws Exception {
    ClusterFile.Key ops = key("ops.", false, grant(COM, "zonesub ANY"), grant(ORG, "zonesub ANY"));
    ClusterFile.Key acme = key("acme.", false, grant(ORG, "name a.example.org. TXT"));

    ZonePlan plan = plan(ops, acme);

    assertThat(plan.names()).containsExactlyInAnyOrder(COM, ORG);
    assertThat(zone(plan, COM).grants())
        .containsExactly(new Grant(Name.fromString("ops."), "zonesub ANY"));
    assertThat(zone(plan, ORG).grants())
        .containsExactly(
            new Grant(Name.fromString("ops."), "zonesub ANY"),
            new Grant(Name.fromString("acme."), "name a.example.org. TXT"));
    assertThat(plan.keys()).hasSize(2);
  }

  @Test
  void aTransferKeyMayTransferItsZonesAndAllIfItNamesNone() throws Exception {
    ClusterFile.Key some =
        key(
            "some.",
            true,
            grant(COM, "name a.example.com. A"),
            grant(COM, "name b.example.com. A"));
    ClusterFile.Key all = key("all.", true);
    ClusterFile.Key none = key("none.", false, grant(ORG, "zonesub ANY"));

    ZonePlan plan = plan(some, all, none);

    assertThat(zone(plan, COM).transferKeys())
        .containsExactlyInAnyOrder(Name.fromString("some."), Name.fromString("all."));
    assertThat(zone(plan, ORG).transferKeys()).containsExactly(Name.fromString("all."));
  }

  private static ZonePlan plan(ClusterFile.Key... keys) {
    List<ClusterFile.Zone> zones =
        List.of(
            new ClusterFile.Zone(COM, Optional.empty(), List.of()),
            new ClusterFile.Zone(ORG, Optional.empty(), List.of()));
    ClusterFile.Member member =
        new ClusterFile.Member("primary-0", ClusterFile.Kind.PRIMARY, at(1), at(2), at(3));
    return ZonePlan.of(new ClusterFile("demo", 1, List.of(member), zones, List.of(keys)));
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static ZoneSpec zone(ZonePlan plan, Name name) {
    return plan.zones().stream().filter(z -> z.zone().equals(name)).findFirst().orElseThrow();
  }

  private ClusterFile.Key key(String name, boolean transfer, ClusterFile.Grant... grants)
      throws IOException {
    Path file = folder.resolve(name + "key");
    TsigKey.generate(name, new SecureRandom()).write(file);
    return new ClusterFile.Key(Name.fromConstantString(name), file, List.of(grants), transfer);
  }

  private static ClusterFile.Grant grant(Name zone, String rule) {
    return new ClusterFile.Grant(zone, rule);
  }
}
