package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart makes fits together, and into a namespace that admits only restricted pods. */
final class ChartObjectsTest {
  private static ChartRelease release;

  @BeforeAll
  static void install() throws IOException {
    release = ChartRelease.with();
  }

  @AfterAll
  static void remove() {
    release.close();
  }

  @Test
  void lint_finds_nothing_but_the_missing_icon() {
    LintResult lint = ChartRelease.chart().lint().strict().call();

    assertThat(lint.isFailed()).isFalse();
    assertThat(lint.getMessages()).allMatch(message -> message.contains("icon is recommended"));
  }

  @Test
  void everything_is_in_the_namespace_and_carries_the_cluster_s_name() {
    assertThat(release.all())
        .isNotEmpty()
        .allSatisfy(object -> {
          assertThat(object.at("/metadata/namespace").asText()).isEqualTo("dns");
          assertThat(ChartRelease.name(object)).startsWith("demo");
          assertThat(object.at("/metadata/labels").path("zonekeeper.dev/cluster").asText())
              .isEqualTo("demo");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"primary", "secondary"})
  void all_that_selects_pods_selects_those_of_the_stateful_set(String kind) {
    JsonNode labels = release.pod("demo-" + kind).at("/metadata/labels");
    assertThat(labels.path("app.kubernetes.io/name").asText()).isEqualTo("zonekeeper");
    assertThat(labels.path("app.kubernetes.io/instance").asText()).isEqualTo("demo");
    assertThat(labels.path("zonekeeper.dev/cluster").asText()).isEqualTo("demo");
    assertThat(labels.path("zonekeeper.dev/kind").asText()).isEqualTo(kind);
    String service = kind.equals("primary") ? "demo-rw" : "demo-ro";
    JsonNode pod = release.pod("demo-" + kind).path("spec");

    List<JsonNode> selectors =
        List.of(
            release.get("StatefulSet", "demo-" + kind).at("/spec/selector/matchLabels"),
            release.get("Service", service).at("/spec/selector"),
            release.get("Service", "demo-" + kind).at("/spec/selector"),
            release.get("PodDisruptionBudget", "demo-" + kind).at("/spec/selector/matchLabels"),
            release.get("NetworkPolicy", "demo-" + kind).at("/spec/podSelector/matchLabels"),
            pod.at("/topologySpreadConstraints/0/labelSelector/matchLabels"),
            pod.at(
                "/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/0"
                    + "/podAffinityTerm/labelSelector/matchLabels"));

    assertThat(selectors).allSatisfy(selector -> assertThat(selector).isEqualTo(labels));
  }

  @Test
  void members_are_numbered_from_the_counts_that_the_configuration_has() throws IOException {
    try (ChartRelease five =
        ChartRelease.with(
            "primaries: {replicas: 5}", "secondaries: {replicas: 0}", "minInSync: 3")) {
      JsonNode cluster = clusterFile(five);

      assertThat(cluster.path("primaries").asInt()).isEqualTo(5);
      assertThat(cluster.path("secondaries").asInt()).isZero();
      assertThat(cluster.path("minInSync").asInt()).isEqualTo(3);
      assertThat(five.get("StatefulSet", "demo-primary").at("/spec/replicas").asInt()).isEqualTo(5);
      assertThat(five.get("StatefulSet", "demo-secondary").at("/spec/replicas").asInt()).isZero();
    }
  }

  @Test
  void the_cluster_file_has_the_zones_and_keys_of_the_values() throws IOException {
    assertThat(clusterFile(release))
        .isEqualTo(
            ChartRelease.yaml(
                """
                version: 1
                name: demo
                minInSync: 2
                primaries: 3
                secondaries: 2
                zones:
                  - {name: example.com, seed: example.com.zone, notify: []}
                  - {name: example.org, seed: example.org.zone, notify: ["192.0.2.53:53"]}
                keys:
                  - name: demo-update
                    file: /etc/zonekeeper/keys/demo-update.key
                    grants: [{zone: example.com, rule: zonesub ANY}]
                    transfer: true
                  - name: certbot
                    file: /etc/zonekeeper/keys/certbot.key
                    grants: [{zone: example.org, rule: name _acme-challenge.example.org. TXT}]
                    transfer: false
                """));
  }

  @Test
  void timing_is_passed_on_as_numbers() throws IOException {
    try (ChartRelease slow =
        ChartRelease.with("timing: {leaseMillis: 3600000, renewMillis: 2000}")) {
      assertThat(clusterFile(slow).path("timing"))
          .isEqualTo(ChartRelease.yaml("{leaseMillis: 3600000, renewMillis: 2000}"));
    }
  }

  @Test
  void each_zone_has_a_seed_that_named_takes() throws IOException {
    JsonNode data = release.get("ConfigMap", "demo").path("data");

    assertThat(data.path("example.com.zone").asText())
        .contains("@ IN SOA ns.example.com. hostmaster.example.com. 1 ");
    assertThat(data.path("example.org.zone").asText())
        .contains("@ IN SOA ns1.example.net. hostmaster.example.net. 7 ");
    for (String zone : List.of("example.com", "example.org")) {
      Program.of("named-checkzone", zone, "/dev/stdin")
          .with("PATH", System.getenv("PATH") + ":/usr/sbin")
          .reading(data.path(zone + ".zone").asText())
          .run()
          .expect(0);
    }
  }

  @Test
  void a_zone_of_a_classless_delegation_gets_a_seed_whose_name_a_config_map_can_have()
      throws IOException {
    try (ChartRelease reverse =
        ChartRelease.with("zones: [{name: 0/25.2.0.192.in-addr.arpa}]", "keys: {clients: []}")) {
      String seed = clusterFile(reverse).at("/zones/0/seed").asText();

      assertThat(seed).matches("[-._a-zA-Z0-9]+");
      assertThat(reverse.get("ConfigMap", "demo").path("data").has(seed)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"primary", "secondary"})
  void each_mount_has_its_volume_and_each_volume_what_it_is_made_of(String kind) {
    JsonNode set = release.get("StatefulSet", "demo-" + kind).path("spec");
    Set<String> volumes = new HashSet<>();
    set.at("/template/spec/volumes").forEach(volume -> volumes.add(volume.path("name").asText()));
    set.path("volumeClaimTemplates").forEach(claim -> volumes.add(ChartRelease.name(claim)));
    Set<String> mounted = new HashSet<>();
    Set<String> paths = new HashSet<>();
    release
        .container("demo-" + kind)
        .path("volumeMounts")
        .forEach(mount -> {
          mounted.add(mount.path("name").asText());
          paths.add(mount.path("mountPath").asText());
        });

    assertThat(mounted).isEqualTo(volumes);
    assertThat(paths)
        .containsExactlyInAnyOrder(
            "/var/lib/named",
            "/run/zonekeeper",
            "/tmp",
            "/etc/zonekeeper/cluster",
            "/etc/zonekeeper/cluster-key",
            "/etc/zonekeeper/keys");
    set.at("/template/spec/volumes")
        .forEach(volume -> {
          String map = volume.at("/configMap/name").asText();
          String secret = volume.at("/secret/secretName").asText();
          assertThat(map.isEmpty() || release.find("ConfigMap", map).isPresent()).isTrue();
          assertThat(secret.isEmpty() || release.find("Secret", secret).isPresent()).isTrue();
        });
  }

  @Test
  void keys_are_files_that_only_the_member_reads_and_never_environment() {
    for (String kind : List.of("primary", "secondary")) {
      for (JsonNode volume : release.pod("demo-" + kind).at("/spec/volumes")) {
        if (volume.has("secret")) {
          assertThat(volume.at("/secret/defaultMode").asInt()).isEqualTo(0440);
        }
      }
      assertThat(release.container("demo-" + kind).path("env").toString())
          .doesNotContain("secret")
          .doesNotContain("key");
      assertThat(release.container("demo-" + kind).has("envFrom")).isFalse();
    }
    assertThat(release.get("ConfigMap", "demo").toString()).doesNotContain("secret");
    assertThat(release.notes()).doesNotContain("secret \"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"primary", "secondary"})
  void pods_pass_the_restricted_standard(String kind) throws IOException {
    JsonNode pod = release.pod("demo-" + kind).path("spec");
    assertThat(pod.path("securityContext"))
        .isEqualTo(
            ChartRelease.yaml(
                """
                runAsNonRoot: true
                runAsUser: 10053
                runAsGroup: 10053
                fsGroup: 10053
                fsGroupChangePolicy: OnRootMismatch
                seccompProfile: {type: RuntimeDefault}
                """));
    assertThat(release.container("demo-" + kind).path("securityContext"))
        .isEqualTo(
            ChartRelease.yaml(
                """
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {drop: [ALL]}
                """));
    for (String never : List.of("hostNetwork", "hostPID", "hostIPC")) {
      assertThat(pod.has(never)).isFalse();
    }
    pod.path("volumes").forEach(volume -> assertThat(volume.has("hostPath")).isFalse());
    release
        .container("demo-" + kind)
        .path("ports")
        .forEach(port -> {
          assertThat(port.has("hostPort")).isFalse();
          assertThat(port.path("containerPort").asInt()).isGreaterThan(1023);
        });
  }

  @Test
  void probes_tell_a_broken_member_from_a_standby() {
    JsonNode container = release.container("demo-primary");

    assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/livez");
    assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
    assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/livez");
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo("http");
    }
  }

  @Test
  void members_may_change_the_lease_and_their_own_pods_and_nothing_else() throws IOException {
    assertThat(release.get("Role", "demo").path("rules"))
        .isEqualTo(
            ChartRelease.yaml(
                """
                - apiGroups: [coordination.k8s.io]
                  resources: [leases]
                  resourceNames: [demo]
                  verbs: [get, list, watch, update, patch]
                - apiGroups: [coordination.k8s.io]
                  resources: [leases]
                  verbs: [create]
                - apiGroups: [""]
                  resources: [pods]
                  verbs: [get, list, watch]
                - apiGroups: [""]
                  resources: [pods]
                  resourceNames:
                    [demo-primary-0, demo-primary-1, demo-primary-2, demo-secondary-0, demo-secondary-1]
                  verbs: [patch]
                - apiGroups: [""]
                  resources: [events]
                  verbs: [create]
                """));
    assertThat(release.get("RoleBinding", "demo").at("/subjects/0/name").asText())
        .isEqualTo(release.pod("demo-primary").at("/spec/serviceAccountName").asText())
        .isEqualTo(ChartRelease.name(release.get("ServiceAccount", "demo")));
  }

  @Test
  void an_account_of_one_s_own_brings_its_own_rights() throws IOException {
    try (ChartRelease own = ChartRelease.with("serviceAccount: {existing: mine}")) {
      assertThat(own.pod("demo-primary").at("/spec/serviceAccountName").asText()).isEqualTo("mine");
      assertThat(own.all("Role")).isEmpty();
      assertThat(own.all("ServiceAccount")).isEmpty();
    }
  }

  @Test
  void the_peer_port_is_for_members_of_the_cluster_alone() throws IOException {
    try (ChartRelease closed =
        ChartRelease.with(
            """
            networkPolicy:
              rw: [{ipBlock: {cidr: 192.0.2.0/24}}]
              http: [{namespaceSelector: {matchLabels: {name: monitoring}}}]
            """)) {
      JsonNode ingress = closed.get("NetworkPolicy", "demo-primary").at("/spec/ingress");

      assertThat(ports(ingress.get(0))).containsExactly("dns-udp", "dns-tcp");
      assertThat(ingress.get(0).at("/from/0/ipBlock/cidr").asText()).isEqualTo("192.0.2.0/24");
      assertThat(ports(ingress.get(1))).containsExactly("peer");
      assertThat(ingress.get(1).path("from"))
          .isEqualTo(
              ChartRelease.yaml(
                  """
                  - podSelector:
                      matchLabels:
                        app.kubernetes.io/name: zonekeeper
                        app.kubernetes.io/instance: demo
                        zonekeeper.dev/cluster: demo
                  """));
      assertThat(ports(ingress.get(2))).containsExactly("http");
      assertThat(ingress.get(2).path("from")).hasSize(1);
    }
    JsonNode open = release.get("NetworkPolicy", "demo-primary").at("/spec/ingress");
    assertThat(open).hasSize(2);
    assertThat(open.get(0).has("from")).isFalse();
    assertThat(open.get(1).path("from")).hasSize(1);
  }

  @Test
  void a_volume_is_claimed_or_an_empty_one_used() throws IOException {
    JsonNode claim =
        release.get("StatefulSet", "demo-primary").at("/spec/volumeClaimTemplates/0/spec");
    assertThat(claim.at("/resources/requests/storage").asText()).isEqualTo("1Gi");
    assertThat(claim.has("storageClassName")).isFalse();
    try (ChartRelease byHand = ChartRelease.with("storage: {storageClassName: \"\"}")) {
      JsonNode classless =
          byHand.get("StatefulSet", "demo-primary").at("/spec/volumeClaimTemplates/0/spec");
      assertThat(classless.path("storageClassName").asText("unset")).isEmpty();
    }
    try (ChartRelease empty = ChartRelease.with("storage: {type: emptyDir, size: 2Gi}")) {
      JsonNode set = empty.get("StatefulSet", "demo-primary").path("spec");
      assertThat(set.has("volumeClaimTemplates")).isFalse();
      assertThat(set.at("/template/spec/volumes/0"))
          .isEqualTo(ChartRelease.yaml("{name: data, emptyDir: {sizeLimit: 2Gi}}"));
    }
  }

  @Test
  void a_member_that_ends_waits_for_services_to_forget_it_unless_the_leader_alone_is_served()
      throws IOException {
    assertThat(release.container("demo-primary").at("/lifecycle/preStop/exec/command"))
        .isEqualTo(ChartRelease.yaml("[sleep, \"3\"]"));
    try (ChartRelease leader = ChartRelease.with("rw: {endpoint: leader}")) {
      assertThat(leader.container("demo-primary").has("lifecycle")).isFalse();
      assertThat(leader.container("demo-secondary").has("lifecycle")).isTrue();
    }
  }

  @Test
  void more_zones_and_keys_restart_no_pod() throws IOException {
    try (ChartRelease changing = ChartRelease.with()) {
      JsonNode before = changing.get("StatefulSet", "demo-primary").path("spec");

      changing.install(
          "zones: [{name: example.com}, {name: example.net}]",
          "keys: {clients: [{name: other, grants: [{zone: example.net, rule: zonesub ANY}]}]}");

      assertThat(clusterFile(changing).at("/zones/1/name").asText()).isEqualTo("example.net");
      assertThat(changing.get("StatefulSet", "demo-primary").path("spec")).isEqualTo(before);
    }
  }

  @Test
  void notes_have_an_update_and_a_query_to_copy() {
    assertThat(release.notes())
        .contains("update add hello.example.com 60 TXT")
        .contains("| nsupdate -k demo-update.key")
        .contains("dig +short @\"$(kubectl -n dns get service demo-ro");
  }

  @Test
  void a_long_name_is_refused_before_kubernetes_does() throws IOException {
    assertThat(ChartRelease.refusal("clusterName: " + "a".repeat(43))).contains("clusterName");
  }

  private static JsonNode clusterFile(ChartRelease of) throws IOException {
    String text = of.get("ConfigMap", "demo").path("data").path("cluster.json").asText();
    return new ObjectMapper().readTree(text);
  }

  private static List<String> ports(JsonNode rule) {
    List<String> ports = new ArrayList<>();
    rule.path("ports").forEach(port -> ports.add(port.path("port").asText()));
    return ports;
  }
}
