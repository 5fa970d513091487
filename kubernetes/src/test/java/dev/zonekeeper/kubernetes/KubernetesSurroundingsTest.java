package dev.zonekeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.agent.Surroundings.Showing;
import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.dns.TsigKey;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On a real API server, as a service account with the rights of the chart's Role. */
@ExtendWith(ControlPlane.Extension.class)
class KubernetesSurroundingsTest {
  private static final String NS = ControlPlane.NAMESPACE;
  private static final String CLUSTER = "demo";
  private static final String SELF = "demo-primary-0";
  private static final String OTHER = "demo-primary-1";
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path root;
  private final ControlPlane plane;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<ClusterFile> handedOver = new CopyOnWriteArrayList<>();
  private Api admin;

  KubernetesSurroundingsTest(ControlPlane plane) {
    this.plane = plane;
  }

  @BeforeEach
  void aNamespaceWithTheRoleAndAVolumeWithTheClusterFile() throws Exception {
    admin = plane.admin();
    open.add(admin);
    admin.client().pods().inNamespace(NS).withGracePeriod(0).delete();
    admin.client().leases().inNamespace(NS).withName(CLUSTER).delete();
    admin.client().v1().events().inNamespace(NS).delete();
    post("roles", "/role.json");
    post("rolebindings", "/role-binding.json");
    writeVolumes("one", cluster(2, ""));
  }

  private void post(String resource, String file) throws IOException {
    String uri = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + NS + "/" + resource;
    try (var in = Objects.requireNonNull(getClass().getResourceAsStream(file), file)) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (!admin.client().raw(uri).contains("\"" + CLUSTER + "\"")) {
        admin.client().raw(uri, "POST", json);
      }
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  // The folders of a container, with volumes as the kubelet makes them.

  private static String cluster(int primaries, String more) {
    return """
    {"version": 1, "name": "demo", "minInSync": 1, "primaries": %d, "secondaries": 1,
     "zones": [{"name": "example.com", "seed": "example.com.zone", "notify": []}],
     "keys": [{"name": "demo-update", "file": "/KEYS/demo-update.key", "transfer": true,
               "grants": [{"zone": "example.com", "rule": "zonesub ANY"}]}]%s}
    """
        .formatted(primaries, more);
  }

  private Path keys() {
    return root.resolve("etc/zonekeeper/keys");
  }

  private void writeVolumes(String generation, String cluster) throws IOException {
    volume(
        root.resolve("etc/zonekeeper/cluster"),
        generation,
        Map.of("cluster.json", cluster.replace("/KEYS", keys().toString())));
    writeKey(generation);
  }

  private void writeKey(String generation) throws IOException {
    volume(
        keys(),
        generation,
        Map.of("demo-update.key", TsigKey.generate("demo-update", new SecureRandom()).statement()));
  }

  /** Files are links to {@code ..data/NAME}, and {@code ..data} is a link that is swapped. */
  private static void volume(Path at, String generation, Map<String, String> files)
      throws IOException {
    Path data = Files.createDirectories(at.resolve("..generation-" + generation));
    for (var file : files.entrySet()) {
      Files.writeString(data.resolve(file.getKey()), file.getValue());
      if (!Files.isSymbolicLink(at.resolve(file.getKey()))) {
        Files.createSymbolicLink(at.resolve(file.getKey()), Path.of("..data", file.getKey()));
      }
    }
    Path next = Files.createSymbolicLink(at.resolve("..data_tmp"), data.getFileName());
    Files.move(next, at.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private Map<String, String> environment() {
    return new HashMap<>(Map.of("POD_NAME", SELF, "POD_NAMESPACE", NS, "POD_IP", "10.0.0.10"));
  }

  private KubernetesSurroundings surroundings() throws Exception {
    KubernetesSurroundings made =
        new KubernetesSurroundings(
            PodEnvironment.of(environment()),
            PodEnvironment.Layout.under(root),
            limit -> Api.of(plane.as(ControlPlane.AGENT, plane.port()), limit));
    open.add(made);
    return made;
  }

  private void follow(KubernetesSurroundings surroundings) {
    Thread follower =
        Thread.ofVirtual()
            .start(() -> {
              try {
                surroundings.cluster().run(handedOver::add);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    open.add(follower::interrupt);
  }

  // Pods, as kubelets would keep them.

  private void pod(String name, String role) {
    Map<String, String> labels = new HashMap<>(Names.labels(CLUSTER));
    if (!role.isEmpty()) {
      labels.put(Names.ROLE, role);
    }
    admin
        .client()
        .pods()
        .inNamespace(NS)
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("named")
                .withImage("zonekeeper:test")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  private void status(String name, String phase, String ip) {
    admin
        .client()
        .pods()
        .inNamespace(NS)
        .withName(name)
        .editStatus(pod ->
            new PodBuilder(pod).withNewStatus().withPhase(phase).withPodIP(ip).endStatus().build());
  }

  private void remove(String name) {
    admin.client().pods().inNamespace(NS).withName(name).withGracePeriod(0).delete();
  }

  private Pod object(String name) {
    return admin.client().pods().inNamespace(NS).withName(name).get();
  }

  private Optional<String> role(String name) {
    return Optional.ofNullable(object(name).getMetadata().getLabels().get(Names.ROLE));
  }

  private List<Event> events(String kind, String reason) {
    return admin.client().v1().events().inNamespace(NS).list().getItems().stream()
        .filter(e -> e.getInvolvedObject().getKind().equals(kind))
        .filter(e -> e.getReason().equals(reason))
        .toList();
  }

  private static InetSocketAddress at(String ip, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(ip), port);
  }

  private static InetSocketAddress peer(ClusterFile cluster, String name) {
    return cluster.member(name).orElseThrow().peer();
  }

  @Test
  void membersAreCountedAndTheirPodsTellWhereTheyAre() throws Exception {
    pod(SELF, "");
    KubernetesSurroundings surroundings = surroundings();
    follow(surroundings);

    ClusterFile first = surroundings.cluster().current();
    assertThat(first.members())
        .extracting(ClusterFile.Member::name)
        .containsExactly(SELF, OTHER, "demo-secondary-0");
    assertThat(first.member(SELF).orElseThrow().dns()).isEqualTo(at("10.0.0.10", 10053));
    assertThat(peer(first, OTHER).isUnresolved()).isTrue();
    assertThat(surroundings.settings().dns()).isEqualTo(at("10.0.0.10", 10053));

    pod(OTHER, "");
    status(OTHER, "Running", "10.0.0.11");
    await().atMost(SOON).until(() -> !handedOver.isEmpty());
    assertThat(peer(handedOver.getLast(), OTHER)).isEqualTo(at("10.0.0.11", 1053));
    assertThat(surroundings.cluster().current()).isEqualTo(handedOver.getLast());
  }

  @Test
  void aPodThatComesBackElsewhereIsSeenAtOnce() throws Exception {
    pod(SELF, "");
    pod(OTHER, "");
    status(OTHER, "Running", "10.0.0.11");
    KubernetesSurroundings surroundings = surroundings();
    follow(surroundings);
    await().atMost(SOON).until(() -> !peer(surroundings.cluster().current(), OTHER).isUnresolved());

    remove(OTHER);
    await()
        .atMost(Duration.ofSeconds(2))
        .until(() -> peer(surroundings.cluster().current(), OTHER).isUnresolved());
    pod(OTHER, "");
    status(OTHER, "Running", "10.0.0.12");
    await()
        .atMost(Duration.ofSeconds(2))
        .until(() -> peer(surroundings.cluster().current(), OTHER).equals(at("10.0.0.12", 1053)));
    await()
        .atMost(Duration.ofSeconds(2))
        .until(() -> peer(handedOver.getLast(), OTHER).equals(at("10.0.0.12", 1053)));
  }

  @Test
  void anAddressOfAPodThatHasEndedIsNobodysOrTheNextOnes() throws Exception {
    pod(OTHER, "");
    status(OTHER, "Failed", "10.0.0.11");
    pod("demo-secondary-0", "");
    status("demo-secondary-0", "Running", "10.0.0.11");
    KubernetesSurroundings surroundings = surroundings();

    await()
        .atMost(SOON)
        .until(() ->
            peer(surroundings.cluster().current(), "demo-secondary-0")
                .equals(at("10.0.0.11", 1053)));
    assertThat(peer(surroundings.cluster().current(), OTHER).isUnresolved()).isTrue();
  }

  @Test
  void theClusterFileIsFollowedThroughTheSwapOfItsVolume() throws Exception {
    pod(SELF, "");
    KubernetesSurroundings surroundings = surroundings();
    follow(surroundings);

    writeVolumes("two", cluster(3, ""));

    await().atMost(SOON).until(() -> !handedOver.isEmpty());
    await().atMost(SOON).until(() -> handedOver.getLast().primaries().size() == 3);
  }

  @Test
  void aKeyThatWasReplacedIsHandedOverThoughTheClusterFileIsTheSame() throws Exception {
    pod(SELF, "");
    KubernetesSurroundings surroundings = surroundings();
    ClusterFile before = surroundings.cluster().current();
    follow(surroundings);

    writeKey("two");

    await().atMost(SOON).until(() -> !handedOver.isEmpty());
    assertThat(handedOver.getLast()).isEqualTo(before).isNotSameAs(before);
  }

  @Test
  void aBadClusterFileIsReportedOnceAndTheLastGoodOneStays() throws Exception {
    pod(SELF, "");
    KubernetesSurroundings surroundings = surroundings();
    follow(surroundings);
    ClusterFile before = surroundings.cluster().current();

    writeVolumes("two", cluster(2, ", \"nonsense\": 1"));

    await().atMost(SOON).until(() -> !events("Pod", "BadClusterFile").isEmpty());
    assertThat(events("Pod", "BadClusterFile"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getType()).isEqualTo("Warning");
          assertThat(event.getMessage()).contains("nonsense: no such field");
          assertThat(event.getInvolvedObject().getUid())
              .isEqualTo(object(SELF).getMetadata().getUid());
        });
    assertThat(surroundings.cluster().current()).isEqualTo(before);

    writeVolumes("three", cluster(3, ""));
    await().atMost(SOON).until(() -> surroundings.cluster().current().primaries().size() == 3);
    assertThat(events("Pod", "BadClusterFile")).hasSize(1);
  }

  @Test
  void aKeyThatIsMissingLeavesTheLastGoodContentUntilItIsThere() throws Exception {
    pod(SELF, "");
    KubernetesSurroundings surroundings = surroundings();
    follow(surroundings);

    volume(
        root.resolve("etc/zonekeeper/cluster"),
        "two",
        Map.of(
            "cluster.json", cluster(3, "").replace("/KEYS/demo-update.key", keys() + "/next.key")));
    await().atMost(SOON).until(() -> !events("Pod", "BadClusterFile").isEmpty());
    assertThat(surroundings.cluster().current().primaries()).hasSize(2);

    volume(
        keys(),
        "two",
        Map.of("next.key", TsigKey.generate("demo-update", new SecureRandom()).statement()));
    await().atMost(SOON).until(() -> surroundings.cluster().current().primaries().size() == 3);
  }

  @Test
  void roleAndInSyncAreOnThePodAndTheirChangesAreEvents() throws Exception {
    pod(SELF, "leader"); // of a life that ended with a crash
    KubernetesSurroundings surroundings = surroundings();
    await().atMost(SOON).until(() -> role(SELF).equals(Optional.of("standby")));
    lease(surroundings.lease());

    surroundings.show(new Showing("standby", false, 1, "it has just started"));
    surroundings.show(new Showing("standby", true, 1, "in sync"));
    long began = System.nanoTime();
    surroundings.show(new Showing("leader", true, 2, "the lease is free"));
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> role(SELF).equals(Optional.of("leader")));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
    assertThat(object(SELF).getMetadata().getAnnotations()).containsEntry(Names.IN_SYNC, "true");
    surroundings.show(new Showing("standby", true, 3, "it handed over"));

    await().atMost(SOON).until(() -> role(SELF).equals(Optional.of("standby")));
    await().atMost(SOON).until(() -> !events("Lease", "BecameStandby").isEmpty());
    assertThat(events("Lease", "LeaderElected"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getMessage())
              .isEqualTo("demo-primary-0 is the leader now: the lease is free");
          assertThat(event.getInvolvedObject().getUid())
              .isEqualTo(
                  admin
                      .client()
                      .leases()
                      .inNamespace(NS)
                      .withName(CLUSTER)
                      .get()
                      .getMetadata()
                      .getUid());
        });
    assertThat(events("Pod", "JoinedInSync")).hasSize(1);
    assertThat(events("Pod", "LeaderElected")).hasSize(1);
    assertThat(events("Pod", "BecameStandby")).hasSize(1);
  }

  private static LeaseStore.CasResult lease(LeaseStore store) throws IOException {
    return store.compareAndSet(
        Optional.empty(),
        new Lease(
            Optional.of(SELF),
            1,
            1,
            Instant.now().truncatedTo(ChronoUnit.MICROS),
            Duration.ofSeconds(5),
            Set.of(new MemberId(SELF, "a1")),
            Optional.empty()));
  }

  @Test
  void aNewLeaderTakesTheLabelOffTheOneThatCrashed() throws Exception {
    pod(SELF, "");
    pod(OTHER, "leader");
    KubernetesSurroundings surroundings = surroundings();

    surroundings.show(new Showing("leader", true, 2, "demo-primary-1 is silent"));

    await().atMost(SOON).until(() -> role(SELF).equals(Optional.of("leader")));
    await().atMost(SOON).until(() -> role(OTHER).isEmpty());
  }

  @Test
  void aLabelThatSomebodyElseTookAwayComesBack() throws Exception {
    pod(SELF, "");
    KubernetesSurroundings surroundings = surroundings();
    surroundings.show(new Showing("leader", true, 2, "the lease is free"));
    await().atMost(SOON).until(() -> role(SELF).equals(Optional.of("leader")));

    admin
        .client()
        .pods()
        .inNamespace(NS)
        .withName(SELF)
        .edit(pod ->
            new PodBuilder(pod).editMetadata().removeFromLabels(Names.ROLE).endMetadata().build());

    await().atMost(SOON).until(() -> role(SELF).equals(Optional.of("leader")));
  }

  @Test
  void withNoApiServerAMemberStartsAllTheSameAndShowsItsRoleLater() throws Exception {
    pod(SELF, "");
    pod(OTHER, "");
    status(OTHER, "Running", "10.0.0.11");
    plane.killServer();
    KubernetesSurroundings surroundings;
    try {
      long began = System.nanoTime();
      surroundings = surroundings();
      surroundings.show(new Showing("standby", false, 0, "it has just started"));
      surroundings.show(new Showing("leader", true, 1, "the lease is free"));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
      assertThatThrownBy(() -> surroundings.lease().read()).isInstanceOf(IOException.class);
      assertThat(peer(surroundings.cluster().current(), OTHER).isUnresolved()).isTrue();
    } finally {
      plane.start();
    }
    await().atMost(SOON).until(() -> !peer(surroundings.cluster().current(), OTHER).isUnresolved());
    await().atMost(SOON).until(() -> role(SELF).equals(Optional.of("leader")));
  }

  @Test
  void theRoleGivesNothingElse() throws Exception {
    try (Api api = Api.of(plane.as(ControlPlane.AGENT, plane.port()), Duration.ofSeconds(2))) {
      for (String path :
          List.of(
              "/api/v1/namespaces/default/secrets",
              "/api/v1/namespaces/default/configmaps",
              "/apis/coordination.k8s.io/v1/namespaces/default/leases",
              "/apis/coordination.k8s.io/v1/namespaces/default/leases/other",
              "/api/v1/nodes")) {
        assertThatThrownBy(() -> api.call("get " + path, () -> api.client().raw(path, "GET", null)))
            .isInstanceOf(ApiFailure.class)
            .hasMessageContaining("403");
      }
    }
  }

  @Test
  void aPodThatIsNoMemberIsRefused() {
    assertThatThrownBy(() ->
            new KubernetesSurroundings(
                PodEnvironment.of(with("POD_NAME", "demo-primary-7")),
                PodEnvironment.Layout.under(root),
                limit -> Api.of(plane.as(ControlPlane.AGENT, plane.port()), limit)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("demo-primary-7 is not among the members of demo");
  }

  private Map<String, String> with(String name, String value) {
    Map<String, String> environment = environment();
    environment.put(name, value);
    return environment;
  }
}
