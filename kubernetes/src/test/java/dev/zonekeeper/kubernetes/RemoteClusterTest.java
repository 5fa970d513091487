package dev.zonekeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** At a real API server without nodes: pods are objects that this test gives a state. */
@ExtendWith(ControlPlane.Extension.class)
class RemoteClusterTest {
  private static final String NS = "remote";

  private final Api api;
  private final KubernetesClient admin;

  RemoteClusterTest(ControlPlane plane) {
    this.api = plane.admin();
    this.admin = api.client();
  }

  @BeforeEach
  void twoClusters() throws IOException {
    admin
        .namespaces()
        .resource(
            new io.fabric8.kubernetes.api.model.NamespaceBuilder()
                .withNewMetadata()
                .withName(NS)
                .endMetadata()
                .build())
        .createOr(io.fabric8.kubernetes.client.dsl.NonDeletingOperation::update);
    for (String cluster : List.of("demo", "other")) {
      set(cluster, Names.PRIMARY);
      set(cluster, Names.SECONDARY);
    }
  }

  @AfterEach
  void leaveNothing() {
    admin.apps().statefulSets().inNamespace(NS).delete();
    admin.pods().inNamespace(NS).withGracePeriod(0).delete();
    admin.leases().inNamespace(NS).delete();
    admin.configMaps().inNamespace(NS).delete();
    api.close();
  }

  private void set(String cluster, String kind) {
    Map<String, String> labels = Map.of(Names.CLUSTER, cluster, Names.KIND, kind);
    admin
        .apps()
        .statefulSets()
        .inNamespace(NS)
        .resource(
            new StatefulSetBuilder()
                .withNewMetadata()
                .withName(cluster + "-" + kind)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withServiceName(cluster + "-" + kind)
                .withReplicas(2)
                .withNewSelector()
                .withMatchLabels(labels)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(Names.CONTAINER)
                .withImage("none")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }

  private void pod(String name, String kind, String address) {
    Pod made =
        admin
            .pods()
            .inNamespace(NS)
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withLabels(
                        Map.of(Names.CLUSTER, "demo", Names.KIND, kind, Names.ROLE, "leader"))
                    .endMetadata()
                    .withNewSpec()
                    .addNewContainer()
                    .withName(Names.CONTAINER)
                    .withImage("none")
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    admin
        .pods()
        .inNamespace(NS)
        .resource(
            new PodBuilder(made)
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(address)
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("True")
                .endCondition()
                .addNewContainerStatus()
                .withName(Names.CONTAINER)
                .withImage("none")
                .withImageID("none")
                .withRestartCount(3)
                .withReady(true)
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build())
        .updateStatus();
  }

  private RemoteCluster demo() throws IOException {
    return RemoteCluster.find(api, Optional.of(NS), Optional.of("demo"));
  }

  private void lease(Map<String, String> inSync) throws IOException {
    var store = KubernetesLeaseStore.unwatched(api, NS, "demo", "demo");
    Set<MemberId> members =
        inSync.entrySet().stream()
            .map(member -> new MemberId(member.getKey(), member.getValue()))
            .collect(java.util.stream.Collectors.toSet());
    store.compareAndSet(
        Optional.empty(),
        new Lease(
            Optional.of("demo-primary-0"),
            3,
            1,
            Instant.EPOCH,
            Duration.ofSeconds(5),
            members,
            Optional.empty()));
  }

  @Test
  void a_cluster_that_is_not_there_or_could_be_any_is_refused_with_those_there_are() {
    assertThatThrownBy(() -> RemoteCluster.find(api, Optional.of(NS), Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not exactly one cluster")
        .hasMessageContaining("there are: demo, other");
    assertThatThrownBy(() -> RemoteCluster.find(api, Optional.of(NS), Optional.of("prod")))
        .hasMessageContaining("no cluster prod");
    assertThatThrownBy(() -> RemoteCluster.find(api, Optional.of("default"), Optional.empty()))
        .hasMessageContaining("there is none");
  }

  @Test
  void its_pods_are_told_with_their_state() throws IOException {
    pod("demo-primary-0", Names.PRIMARY, "10.0.0.7");

    RemotePod pod = demo().pods().getFirst();

    assertThat(pod.name()).isEqualTo("demo-primary-0");
    assertThat(pod.address()).contains(InetAddress.ofLiteral("10.0.0.7"));
    assertThat(pod.ready()).isTrue();
    assertThat(pod.leads()).isTrue();
    assertThat(pod.primary()).isTrue();
    assertThat(pod.restarts()).isEqualTo(3);
    assertThat(pod.waiting()).isEmpty();
    assertThat(RemoteCluster.dns(pod))
        .hasValueSatisfying(at -> assertThat(at.getPort()).isEqualTo(10053));
  }

  @Test
  void its_shape_is_that_of_the_chart() throws IOException {
    admin
        .configMaps()
        .inNamespace(NS)
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("demo")
                .endMetadata()
                .withData(
                    Map.of(
                        "cluster.json",
                        """
                        {"minInSync": 2, "primaries": 3, "secondaries": 1,
                         "zones": [{"name": "example.com"}]}
                        """))
                .build())
        .create();

    assertThat(demo().shape())
        .isEqualTo(new RemoteCluster.Shape(3, 1, 2, List.of("example.com"), false));
  }

  @Test
  void the_lease_says_who_leads_and_who_is_in_sync_until_it_is_deleted() throws IOException {
    lease(Map.of("demo-primary-0", "a", "demo-primary-1", "b"));

    assertThat(demo().leader()).contains("demo-primary-0");
    assertThat(demo().inSync()).containsEntry("demo-primary-1", "b").hasSize(2);

    demo().handling().deleteLease();

    assertThat(demo().leader()).isEmpty();
    assertThat(demo().inSync()).isEmpty();
  }

  @Test
  void a_wish_is_written_into_the_lease_and_withdrawn() throws IOException {
    lease(Map.of("demo-primary-0", "a"));

    demo().handling().handOver(Optional.of("demo-primary-1"));

    var store = KubernetesLeaseStore.unwatched(api, NS, "demo", "demo");
    assertThat(store.read().orElseThrow().lease().handoverTo()).contains("demo-primary-1");

    demo().handling().handOver(Optional.empty());

    assertThat(store.read().orElseThrow().lease().handoverTo()).isEmpty();
  }

  @Test
  void a_pod_is_deleted_at_once_or_evicted_and_who_is_not_there_is_no_error() throws IOException {
    pod("demo-primary-0", Names.PRIMARY, "10.0.0.7");
    pod("demo-primary-1", Names.PRIMARY, "10.0.0.8");

    demo().handling().delete("demo-primary-0", Optional.of(Duration.ZERO));
    assertThat(demo().pods()).extracting(RemotePod::name).containsExactly("demo-primary-1");
    demo().handling().delete("demo-primary-0", Optional.empty());

    assertThat(demo().handling().evict("demo-primary-1")).isTrue();
    assertThat(demo().pods()).filteredOn(pod -> !pod.ending()).isEmpty();
  }

  @Test
  void a_restart_changes_the_template_of_one_set() throws IOException {
    demo().handling().restart(true);

    assertThat(annotations("demo-primary")).containsKey("kubectl.kubernetes.io/restartedAt");
    assertThat(annotations("demo-secondary")).isEmpty();
    assertThat(demo().isRolledOut(true)).as("without anybody who does it").isFalse();
  }

  private Map<String, String> annotations(String set) {
    Map<String, String> found =
        admin
            .apps()
            .statefulSets()
            .inNamespace(NS)
            .withName(set)
            .get()
            .getSpec()
            .getTemplate()
            .getMetadata()
            .getAnnotations();
    return found == null ? Map.of() : found;
  }
}
