package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How clients reach a cluster that the chart made, on API servers of several ages. */
final class ChartServicesTest {
  private static final String BALANCED = "rw: {type: LoadBalancer, loadBalancerIP: 192.0.2.10}";

  @Test
  void updates_go_to_all_primaries_and_queries_to_all_secondaries() throws IOException {
    try (ChartRelease release = ChartRelease.with()) {
      JsonNode rw = release.get("Service", "demo-rw").path("spec");
      JsonNode ro = release.get("Service", "demo-ro").path("spec");

      assertThat(rw.at("/selector").path("zonekeeper.dev/kind").asText()).isEqualTo("primary");
      assertThat(rw.at("/selector").has("zonekeeper.dev/role")).isFalse();
      assertThat(ro.at("/selector").path("zonekeeper.dev/kind").asText()).isEqualTo("secondary");
      for (JsonNode service : List.of(rw, ro)) {
        assertThat(ports(service)).containsExactly("UDP 53 dns-udp", "TCP 53 dns-tcp");
        assertThat(service.path("publishNotReadyAddresses").asBoolean()).isFalse();
        assertThat(service.path("type").asText()).isEqualTo("ClusterIP");
        assertThat(service.has("externalTrafficPolicy")).isFalse();
      }
    }
  }

  @Test
  void the_ports_of_services_are_the_container_s() throws IOException {
    try (ChartRelease release = ChartRelease.with()) {
      for (String kind : List.of("primary", "secondary")) {
        List<String> names = new ArrayList<>();
        release
            .container("demo-" + kind)
            .path("ports")
            .forEach(port ->
                names.add(
                    port.path("protocol").asText()
                        + " "
                        + port.path("containerPort").asText()
                        + " "
                        + port.path("name").asText()));

        assertThat(names)
            .containsExactly(
                "UDP 10053 dns-udp", "TCP 10053 dns-tcp", "TCP 1053 peer", "TCP 8053 http");
        JsonNode headless = release.get("Service", "demo-" + kind).path("spec");
        assertThat(ports(headless)).isEqualTo(names);
        assertThat(headless.path("clusterIP").asText()).isEqualTo("None");
        assertThat(headless.path("publishNotReadyAddresses").asBoolean()).isTrue();
        assertThat(release.get("StatefulSet", "demo-" + kind).at("/spec/serviceName").asText())
            .isEqualTo("demo-" + kind);
      }
    }
  }

  @Test
  void updates_go_to_the_leader_alone_when_that_is_wanted() throws IOException {
    try (ChartRelease release = ChartRelease.with("rw: {endpoint: leader}")) {
      assertThat(
              release
                  .get("Service", "demo-rw")
                  .at("/spec/selector")
                  .path("zonekeeper.dev/role")
                  .asText())
          .isEqualTo("leader");
      assertThat(release.get("Service", "demo-ro").at("/spec/selector").has("zonekeeper.dev/role"))
          .isFalse();
    }
  }

  @Test
  void a_node_port_is_the_same_for_both_protocols() throws IOException {
    try (ChartRelease release = ChartRelease.with("rw: {type: NodePort, nodePort: 30053}")) {
      JsonNode spec = release.get("Service", "demo-rw").path("spec");

      assertThat(spec.at("/ports/0/nodePort").asInt()).isEqualTo(30053);
      assertThat(spec.at("/ports/1/nodePort").asInt()).isEqualTo(30053);
      assertThat(release.notes()).contains("{.spec.ports[0].nodePort}");
    }
  }

  @ParameterizedTest
  @CsvSource({"20, true", "23, true", "24, false", "30, false"})
  void udp_and_tcp_share_a_load_balancer_service_where_the_api_server_takes_that(
      int minor, boolean split) throws IOException {
    try (ChartRelease release = ChartRelease.on(minor, BALANCED)) {
      JsonNode rw = release.get("Service", "demo-rw").path("spec");
      assertThat(ports(rw)).containsExactly("UDP 53 dns-udp", "TCP 53 dns-tcp");
      assertThat(rw.path("type").asText()).isEqualTo(split ? "ClusterIP" : "LoadBalancer");
      assertThat(release.find("Service", "demo-rw-udp").isPresent()).isEqualTo(split);
      assertThat(release.find("Service", "demo-rw-tcp").isPresent()).isEqualTo(split);
      if (split) {
        for (String protocol : List.of("udp", "tcp")) {
          JsonNode one = release.get("Service", "demo-rw-" + protocol).path("spec");
          assertThat(ports(one)).hasSize(1).allMatch(port -> port.endsWith("dns-" + protocol));
          assertThat(one.path("type").asText()).isEqualTo("LoadBalancer");
          assertThat(one.path("loadBalancerIP").asText()).isEqualTo("192.0.2.10");
          assertThat(one.path("selector")).isEqualTo(rw.path("selector"));
        }
      }
    }
  }

  @Test
  void the_way_of_sharing_can_be_said() throws IOException {
    try (ChartRelease split =
        ChartRelease.on(
            30, "rw: {type: LoadBalancer, loadBalancerIP: 192.0.2.10, protocols: split}")) {
      assertThat(split.find("Service", "demo-rw-udp")).isPresent();
    }
    try (ChartRelease single = ChartRelease.on(20, "rw: {type: LoadBalancer, protocols: single}")) {
      assertThat(single.find("Service", "demo-rw-udp")).isEmpty();
    }
  }

  @Test
  void two_services_stay_two_when_the_api_server_gets_newer() throws IOException {
    try (ChartRelease release =
        ChartRelease.on(
            30, "rw: {type: LoadBalancer, loadBalancerIP: 192.0.2.10, protocols: split}")) {
      release.install(BALANCED);

      assertThat(release.find("Service", "demo-rw-udp")).isPresent();
      assertThat(release.get("Service", "demo-rw").at("/spec/type").asText())
          .isEqualTo("ClusterIP");
    }
  }

  @Test
  void a_load_balancer_of_open_stack_is_told_what_is_wanted() throws IOException {
    try (ChartRelease release =
        ChartRelease.with(
            """
            rw:
              type: LoadBalancer
              externalTrafficPolicy: Local
              loadBalancerSourceRanges: [192.0.2.0/24]
              annotations: {loadbalancer.openstack.org/health-monitor-delay: "7", mine: yes-please}
              openstack: {enabled: true, class: public, subnetId: 5e2a}
            """)) {
      JsonNode service = release.get("Service", "demo-rw");

      assertThat(service.at("/spec/externalTrafficPolicy").asText()).isEqualTo("Local");
      assertThat(service.at("/spec/loadBalancerSourceRanges/0").asText()).isEqualTo("192.0.2.0/24");
      JsonNode annotations = service.at("/metadata/annotations");
      List<String> told = new ArrayList<>();
      annotations
          .properties()
          .forEach(a -> {
            assertThat(a.getValue().isTextual()).as(a.getKey()).isTrue();
            told.add(a.getKey() + ": " + a.getValue().asText());
          });
      assertThat(told)
          .filteredOn(line -> !line.startsWith("meta.helm.sh/"))
          .containsExactlyInAnyOrder(
              "loadbalancer.openstack.org/class: public",
              "loadbalancer.openstack.org/subnet-id: 5e2a",
              "loadbalancer.openstack.org/keep-floatingip: true",
              "service.beta.kubernetes.io/openstack-internal-load-balancer: false",
              "loadbalancer.openstack.org/proxy-protocol: false",
              "loadbalancer.openstack.org/timeout-client-data: 60000",
              "loadbalancer.openstack.org/timeout-member-data: 60000",
              "loadbalancer.openstack.org/enable-health-monitor: true",
              "loadbalancer.openstack.org/health-monitor-delay: 7",
              "loadbalancer.openstack.org/health-monitor-timeout: 3",
              "loadbalancer.openstack.org/health-monitor-max-retries: 2",
              "mine: yes-please");
      assertThat(release.get("Service", "demo-ro").toString()).doesNotContain("openstack");
    }
  }

  @Test
  void an_address_that_two_services_would_not_share_is_refused() throws IOException {
    assertThat(ChartRelease.refusal("rw: {type: LoadBalancer, protocols: split}"))
        .contains("rw.loadBalancerIP");
    assertThat(
            ChartRelease.refusal(
                """
                ro:
                  type: LoadBalancer
                  protocols: split
                  loadBalancerIP: 192.0.2.1
                  openstack: {enabled: true}
                """))
        .contains("ro.openstack.loadBalancerId");
  }

  @ParameterizedTest
  @CsvSource({"20, policy/v1beta1", "21, policy/v1", "24, policy/v1", "30, policy/v1"})
  void budgets_are_of_a_version_that_the_api_server_has(int minor, String version)
      throws IOException {
    try (ChartRelease release = ChartRelease.on(minor)) {
      assertThat(release.all("PodDisruptionBudget"))
          .hasSize(2)
          .allSatisfy(budget -> {
            assertThat(budget.path("apiVersion").asText()).isEqualTo(version);
            assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 2, 1", "3, 3, 0", "1, 1, 0", "5, 3, 1"})
  void no_more_primaries_are_evicted_than_writes_can_do_without(
      int primaries, int minInSync, int maxUnavailable) throws IOException {
    try (ChartRelease release =
        ChartRelease.with("primaries: {replicas: " + primaries + "}", "minInSync: " + minInSync)) {
      assertThat(
              release
                  .get("PodDisruptionBudget", "demo-primary")
                  .at("/spec/maxUnavailable")
                  .asInt(-1))
          .isEqualTo(maxUnavailable);
    }
    try (ChartRelease decided =
        ChartRelease.with("primaries: {replicas: 1, maxUnavailable: 1}", "minInSync: 1")) {
      assertThat(
              decided.get("PodDisruptionBudget", "demo-primary").at("/spec/maxUnavailable").asInt())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"20, false", "22, false", "23, true"})
  void stateful_sets_have_only_fields_that_the_api_server_knows(int minor, boolean known)
      throws IOException {
    try (ChartRelease release = ChartRelease.on(minor)) {
      assertThat(release.get("StatefulSet", "demo-primary").path("spec").has("minReadySeconds"))
          .isEqualTo(known);
    }
  }

  private static List<String> ports(JsonNode spec) {
    List<String> ports = new ArrayList<>();
    spec.path("ports")
        .forEach(port ->
            ports.add(
                port.path("protocol").asText()
                    + " "
                    + port.path("port").asText()
                    + " "
                    + port.path("targetPort").asText()));
    return ports;
  }
}
