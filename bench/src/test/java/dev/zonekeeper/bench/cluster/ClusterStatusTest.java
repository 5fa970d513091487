package dev.zonekeeper.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ClusterStatusTest {
  private static final String JSON =
      """
      {"cluster": "demo", "epoch": 3, "leader": %s, "inSync": ["primary-0", "primary-1"],
       "minInSync": 2, "keyFile": "/tmp/demo.key",
       "zones": [{"name": "example.com", "serial": 196612, "committed": 196612}],
       "members": [
        {"name": "primary-0", "kind": "primary", "role": "leader", "healthy": true,
         "agentPid": 1, "namedPid": 2, "why": "", "dns": "127.0.0.1:5301", "peer": "127.0.0.1:5302",
         "http": "127.0.0.1:5303", "serials": {"example.com": 196612}, "lagMillis": 0},
        {"name": "primary-1", "kind": "primary", "role": "standby", "healthy": %s,
         "agentPid": null, "namedPid": null, "why": "", "dns": "[::1]:5311", "peer": "[::1]:5312",
         "http": "[::1]:5313", "serials": {}, "lagMillis": null},
        {"name": "secondary-0", "kind": "secondary", "role": "secondary", "healthy": true,
         "agentPid": 5, "namedPid": 6, "why": "", "dns": "127.0.0.1:5321", "peer": "127.0.0.1:5322",
         "http": "127.0.0.1:5323", "serials": {}, "lagMillis": 0}]}
      """;

  @Test
  void theJsonOfTheStatusCommandIsUnderstood() throws Exception {
    ClusterStatus status = ClusterStatus.parse(JSON.formatted("\"primary-0\"", "true"));

    assertThat(status.whole()).isTrue();
    assertThat(status.leading().orElseThrow().agentPid()).isEqualTo(1);
    assertThat(status.primaries()).hasSize(2);
    assertThat(status.secondaries()).hasSize(1);
    assertThat(status.member("primary-1").dnsAddress())
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("::1"), 5311));
    assertThat(status.member("secondary-0").dnsAddress())
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5321));
  }

  @Test
  void aClusterWithoutALeaderIsNotWhole() throws Exception {
    assertThat(ClusterStatus.parse(JSON.formatted("null", "true")).whole()).isFalse();
  }

  @Test
  void aClusterWithASickMemberIsNotWhole() throws Exception {
    assertThat(ClusterStatus.parse(JSON.formatted("\"primary-0\"", "false")).whole()).isFalse();
  }

  @Test
  void aClusterWithAPrimaryThatIsNotInSyncIsNotWhole() throws Exception {
    String json = JSON.formatted("\"primary-0\"", "true");

    assertThat(ClusterStatus.parse(json.replace(", \"primary-1\"]", "]")).whole()).isFalse();
  }
}
