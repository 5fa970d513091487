package dev.zonekeeper.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys that the chart makes: once, well, and never anew while somebody has them. */
final class ChartSecretsTest {
  @TempDir private Path folder;

  @Test
  void keys_are_made_in_the_syntax_that_agents_and_nsupdate_read() throws IOException {
    try (ChartRelease release = ChartRelease.with()) {
      TsigKey update = key(release, "demo-keys", "demo-update.key");
      TsigKey certbot = key(release, "demo-keys", "certbot.key");
      TsigKey cluster = key(release, "demo-cluster-key", "cluster.key");

      assertThat(update.name()).hasToString("demo-update.");
      assertThat(certbot.name()).hasToString("certbot.");
      assertThat(List.of(update, certbot, cluster))
          .allSatisfy(made -> {
            assertThat(made.algorithm()).isEqualTo("hmac-sha256");
            assertThat(made.secret()).hasSize(32);
          });
      assertThat(update.secret()).isNotEqualTo(certbot.secret()).isNotEqualTo(cluster.secret());
    }
  }

  @Test
  void keys_that_are_there_are_kept_and_new_ones_added() throws IOException {
    try (ChartRelease release = ChartRelease.with()) {
      String update = data(release, "demo-keys", "demo-update.key");
      String cluster = data(release, "demo-cluster-key", "cluster.key");

      release.install("keys: {clients: [{name: demo-update}, {name: dhcp}]}");

      assertThat(data(release, "demo-keys", "demo-update.key")).isEqualTo(update);
      assertThat(data(release, "demo-cluster-key", "cluster.key")).isEqualTo(cluster);
      assertThat(key(release, "demo-keys", "dhcp.key").secret()).hasSize(32);
    }
  }

  @Test
  void keys_outlive_the_release() throws IOException {
    try (ChartRelease release = ChartRelease.with()) {
      for (String secret : List.of("demo-keys", "demo-cluster-key")) {
        JsonNode annotations = release.get("Secret", secret).at("/metadata/annotations");
        assertThat(annotations.path("helm.sh/resource-policy").asText()).isEqualTo("keep");
      }
    }
  }

  @Test
  void a_secret_that_is_given_is_used() throws IOException {
    try (ChartRelease release =
        ChartRelease.with(
            "keys: {clients: [{name: known, secret: c2VjcmV0IG9mIHRoaXMgdGVzdA==}]}")) {
      assertThat(new String(key(release, "demo-keys", "known.key").secret(), UTF_8))
          .isEqualTo("secret of this test");
    }
  }

  @Test
  void secrets_of_one_s_own_are_mounted_and_none_is_made() throws IOException {
    try (ChartRelease release =
        ChartRelease.with(
            "keys: {existingSecret: our-keys}", "clusterKey: {existingSecret: our-cluster-key}")) {
      assertThat(release.all("Secret")).isEmpty();
      assertThat(release.pod("demo-primary").toString())
          .contains("\"secretName\":\"our-keys\"")
          .contains("\"secretName\":\"our-cluster-key\"");
    }
  }

  private TsigKey key(ChartRelease release, String secret, String file) throws IOException {
    Path at =
        Files.write(folder.resolve(file), Base64.getDecoder().decode(data(release, secret, file)));
    List<TsigKey> keys = TsigKey.read(at);
    assertThat(keys).hasSize(1);
    return keys.getFirst();
  }

  private static String data(ChartRelease release, String secret, String file) {
    return release.get("Secret", secret).path("data").path(file).asText();
  }
}
