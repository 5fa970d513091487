package dev.zonekeeper.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** A cluster that the chart has installed on a real Kubernetes, looked at with {@code kubectl}. */
final class KubernetesRelease implements AutoCloseable {
  static final String NAME = "demo";
  static final String NAMESPACE = "dns";
  static final Duration HEALING = Duration.ofMinutes(2);
  private static final Duration ROLLOUT = Duration.ofMinutes(5);

  /**
   * Control plane, nodes and members share two processors: what is tested is not how fast they are.
   */
  private static final Duration REST = Duration.ofMillis(40);

  private static final int PER_MESSAGE = 1000;
  private static final String CORE = "/api/v1";
  private static final String APPS = "/apis/apps/v1";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SLOWEST_BUILD = Duration.ofMinutes(15);

  /** The one that was built with the cluster, where that was; else the machine's. */
  private static final String KUBECTL = findKubectl();

  private final Path kubeconfig;
  private final KubernetesClient api;
  private final Path values;
  private String tag = "test";
  private int primaries = 3;
  private int minInSync = 2;
  private String endpoint = "any";
  private String storage = "pvc";
  private boolean installed;

  private KubernetesRelease(Path kubeconfig) {
    this.kubeconfig = kubeconfig;
    this.api =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
    try {
      this.values = Files.createTempDirectory("zonekeeper-chart-").resolve("values.yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts Kubernetes, builds and loads the image; installs nothing yet. */
  static KubernetesRelease start() {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may start nodes");
    script("e2e/cluster", "up").within(SLOWEST_BUILD).run().expect(0);
    Path config = Path.of(script("e2e/cluster", "kubeconfig").run().expect(0).out().strip());
    KubernetesRelease release = new KubernetesRelease(config);
    release.load(image(release.values.resolveSibling("image.tar")));
    return release;
  }

  /** Installs the chart if it is not there; returns when the cluster is whole. */
  void install() {
    if (!installed) {
      kubectl("create", "namespace", NAMESPACE).run();
      apply();
      installed = true;
    }
    awaitWhole();
  }

  /** A primary that does not lead. */
  String standby(String leader) {
    return podNames("primary").stream()
        .filter(pod -> !pod.equals(leader))
        .findFirst()
        .orElseThrow();
  }

  void awaitAnotherLeader(String old) {
    awaitThat(
        "another member than " + old + " leads",
        () -> {
          String now = leader();
          return !now.isEmpty() && !now.equals(old);
        });
  }

  /** The claim for a member's volume. */
  JsonNode claim(String member) {
    return get(CORE, "persistentvolumeclaims/data-" + member);
  }

  /** The values that the chart was last installed with. */
  Path values() {
    return values;
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  String kubectlProgram() {
    return KUBECTL;
  }

  /** The archive that {@code ZONEKEEPER_IMAGE} names, for those in a hurry; else a new one. */
  private static Path image(Path archive) {
    String there = System.getenv("ZONEKEEPER_IMAGE");
    if (there != null) {
      return Path.of(there);
    }
    script("deploy/image/build", "--output", archive.toString(), "--tag", "zonekeeper:test")
        .within(SLOWEST_BUILD)
        .run()
        .expect(0);
    return archive;
  }

  void load(Path image) {
    script("e2e/cluster", "load", image.toString()).within(SLOWEST_BUILD).run().expect(0);
  }

  static Program script(String path, String... arguments) {
    List<String> line = new ArrayList<>(List.of(Repository.root().resolve(path).toString()));
    line.addAll(List.of(arguments));
    return Program.of(line).in(Repository.root());
  }

  /** Installs the chart, or brings it to what it shall be now. */
  private void apply() {
    try {
      Files.writeString(values, wanted());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Helm chart = new Helm(Repository.root().resolve("deploy/chart"));
    boolean there = installed || kubectl("get", "statefulset", NAME + "-primary").run().exit() == 0;
    if (there) {
      chart
          .upgrade()
          .withName(NAME)
          .withNamespace(NAMESPACE)
          .withKubeConfig(kubeconfig)
          .withValuesFile(values)
          .call();
    } else {
      InstallCommand install = chart.install();
      install
          .withName(NAME)
          .withNamespace(NAMESPACE)
          .withKubeConfig(kubeconfig)
          .withValuesFile(values)
          .call();
    }
  }

  private String wanted() {
    return """
    image: {repository: zonekeeper, tag: %s, pullPolicy: IfNotPresent}
    primaries:
      replicas: %d
      resources: {requests: {cpu: 20m, memory: 100Mi}, limits: {memory: 512Mi}}
    secondaries:
      replicas: 1
      resources: {requests: {cpu: 20m, memory: 100Mi}, limits: {memory: 512Mi}}
    minInSync: %d
    rw: {endpoint: %s}
    storage: {type: %s, size: 500Mi}
    zones: [{name: example.com}]
    keys:
      clients:
        - {name: demo-update, grants: [{zone: example.com, rule: zonesub ANY}], transfer: true}
    """
        .formatted(tag, primaries, minInSync, endpoint, storage);
  }

  /** Another kind of storage, as docs/kubernetes-storage.md says, unless it is that already. */
  void changeStorage(String type) {
    if (storage.equals(type)) {
      return;
    }
    awaitWhole();
    storage = type;
    kubectl("delete", "statefulset", NAME + "-primary", NAME + "-secondary", "--cascade=orphan")
        .run()
        .expect(0);
    apply();
  }

  /** The incarnation that the lease names of a member in sync. */
  String incarnation(String member) {
    String inSync =
        lease().path("metadata").path("annotations").path("zonekeeper.dev/in-sync").asText();
    return Stream.of(inSync.split(","))
        .filter(id -> id.startsWith(member + "="))
        .findFirst()
        .orElseThrow(() -> new AssertionError(member + " is not in sync: " + inSync));
  }

  /** Creates objects. */
  void create(String yaml) {
    kubectl("create", "-f", "-").reading(yaml).run().expect(0);
  }

  /** Where updates go: {@code any} ready primary, or the {@code leader} alone. */
  void endpoint(String to) {
    endpoint = to;
    apply();
  }

  /** Adds that many records of names of their own, in long messages. */
  void addRecords(int count) {
    StringBuilder script = new StringBuilder("server %s\n".formatted(rw().getHostString()));
    for (int i = 0; i < count; i++) {
      script.append("update add bulk-%d.example.com. 300 A 192.0.2.%d\n".formatted(i, i % 250 + 1));
      if (i % PER_MESSAGE == PER_MESSAGE - 1 || i == count - 1) {
        script.append("send\n");
      }
    }
    Program.of("nsupdate", "-v", "-k", keyFile().toString())
        .within(HEALING)
        .reading(script.toString())
        .run()
        .expect(0);
  }

  /** When the container of the pod started that runs now. */
  Optional<Instant> started(String pod) {
    try {
      String text = pod(pod).at("/status/containerStatuses/0/state/running/startedAt").asText("");
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (AssertionError notThere) {
      return Optional.empty();
    }
  }

  /** Another size of the primary set. */
  void scale(int toPrimaries, int toMinInSync) {
    primaries = toPrimaries;
    minInSync = toMinInSync;
    apply();
  }

  /**
   * Waits until the kubelets have brought the last change of the cluster's file to all primaries.
   */
  void awaitConfigured() {
    String wanted = "\"minInSync\": " + minInSync + ",";
    awaitThat(
        "all primaries have the file with " + wanted,
        () ->
            podNames("primary").stream()
                .allMatch(pod ->
                    kubectl("exec", pod, "--", "cat", "/etc/zonekeeper/cluster/cluster.json")
                        .run()
                        .out()
                        .contains(wanted)));
  }

  /** The same image under another tag, in all pods; returns when the last one is replaced. */
  void upgrade(String toTag) {
    script("e2e/cluster", "tag", "zonekeeper:" + tag, "zonekeeper:" + toTag).run().expect(0);
    tag = toTag;
    apply();
    awaitRollout();
  }

  /**
   * Waits until each primary pod is of the newest revision, and ready. ({@code kubectl rollout
   * status} takes a StatefulSet that was made anew around its pods for done.)
   */
  void awaitRollout() {
    awaitThat(
        "each primary is of the newest revision, and ready",
        ROLLOUT,
        () -> {
          JsonNode set = get(APPS, "statefulsets/" + NAME + "-primary");
          String newest = set.at("/status/updateRevision").asText();
          int current = 0;
          for (JsonNode pod : pods("primary")) {
            String revision = pod.at("/metadata/labels/controller-revision-hash").asText();
            if (revision.equals(newest) && isReady(pod)) {
              current++;
            }
          }
          return set.at("/status/observedGeneration").equals(set.at("/metadata/generation"))
              && current == set.at("/spec/replicas").asInt();
        });
  }

  /** {@code kubectl} in the namespace of the release. */
  Program kubectl(String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of(KUBECTL, "--kubeconfig", kubeconfig.toString(), "--namespace", NAMESPACE));
    line.addAll(List.of(arguments));
    return Program.of(line).within(HEALING);
  }

  private static String findKubectl() {
    if (System.getenv("KUBECONFIG") != null) {
      return "kubectl";
    }
    Path folder =
        Path.of(
            script("e2e/cluster", "binaries").within(SLOWEST_BUILD).run().expect(0).out().strip());
    return folder.resolve("kubectl").toString();
  }

  /**
   * An object, or a list of them, asked of the API server without a program in between: waiting for
   * a state must not cost the cluster under test the processor.
   *
   * @param path below the namespace's in the group, such as {@code pods/demo-primary-0}
   */
  private JsonNode get(String group, String path) {
    String text = api.raw("%s/namespaces/%s/%s".formatted(group, NAMESPACE, path));
    if (text == null) {
      throw new AssertionError("there is no " + path);
    }
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private JsonNode lease() {
    return get("/apis/coordination.k8s.io/v1", "leases/" + NAME);
  }

  /** The lease's holder, or the empty string. */
  String leader() {
    return lease().path("spec").path("holderIdentity").asText("");
  }

  /** What the ready addresses of a Service are. */
  Set<String> endpoints(String service) {
    Set<String> addresses = new TreeSet<>();
    for (JsonNode subset : get(CORE, "endpoints/" + service).path("subsets")) {
      subset.path("addresses").forEach(at -> addresses.add(at.path("ip").asText()));
    }
    return addresses;
  }

  /** Asks the leader to hand over, as an operator would, and waits until that is done. */
  void moveTheLeadTo(String pod) {
    kubectl("annotate", "lease", NAME, "zonekeeper.dev/handover-to=" + pod, "--overwrite")
        .run()
        .expect(0);
    awaitThat(pod + " leads", () -> leader().equals(pod));
  }

  List<String> podNames(String kind) {
    List<String> names = new ArrayList<>();
    pods(kind).forEach(pod -> names.add(pod.at("/metadata/name").asText()));
    return names;
  }

  JsonNode pods(String kind) {
    return get(
            CORE,
            "pods?labelSelector=zonekeeper.dev/cluster=%s,zonekeeper.dev/kind=%s"
                .formatted(NAME, kind))
        .path("items");
  }

  JsonNode pod(String name) {
    return get(CORE, "pods/" + name);
  }

  String node(String pod) {
    return pod(pod).at("/spec/nodeName").asText();
  }

  /** Where updates go. */
  InetSocketAddress rw() {
    return new InetSocketAddress(
        get(CORE, "services/" + NAME + "-rw").at("/spec/clusterIP").asText(), 53);
  }

  /** Where queries go. */
  InetSocketAddress ro() {
    return new InetSocketAddress(
        get(CORE, "services/" + NAME + "-ro").at("/spec/clusterIP").asText(), 53);
  }

  /** The clients' key, out of its Secret. */
  UpdateKey key() {
    return UpdateKey.read(keyFile());
  }

  /** A file with the clients' key. */
  Path keyFile() {
    String text = get(CORE, "secrets/" + NAME + "-keys").at("/data/demo-update.key").asText();
    Path file = values.resolveSibling("demo-update.key");
    try {
      return Files.write(file, Base64.getDecoder().decode(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writers at the address of the Service, from outside of all pods. */
  Writers writers() {
    return Writers.at(List.of(rw()), key(), this::logsAround, REST);
  }

  private String logsAround(Instant moment) {
    StringBuilder all = new StringBuilder();
    for (String pod : podNames("primary")) {
      all.append("--- ").append(pod).append('\n');
      all.append(
          kubectl("logs", pod, "--since-time", moment.minusSeconds(2).toString(), "--tail", "60")
              .run()
              .printed());
    }
    return all.toString();
  }

  /** Waits until everything is as good as new; returns the leader. */
  String awaitWhole() {
    awaitThat("the cluster is whole", () -> ailment().isEmpty());
    return leader();
  }

  void awaitThat(String inWords, Callable<Boolean> condition) {
    awaitThat(inWords, HEALING, condition);
  }

  private void awaitThat(String inWords, Duration limit, Callable<Boolean> condition) {
    AtomicReference<String> last = new AtomicReference<>("");
    try {
      await(inWords)
          .atMost(limit)
          .pollInterval(Duration.ofMillis(250))
          .until(() -> {
            boolean holds = condition.call();
            last.set(holds ? "" : ailment());
            return holds;
          });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "expected within %s: %s. Instead: %s%n%s%n%s"
              .formatted(
                  limit,
                  inWords,
                  last.get(),
                  kubectl("get", "pods,leases,pvc", "--output", "wide").run().printed(),
                  logsAround(Instant.now().minusSeconds(30))),
          e);
    }
  }

  /** What is not as it should be; empty when all is. */
  String ailment() {
    try {
      JsonNode now = lease();
      String holder = now.at("/spec/holderIdentity").asText("");
      String inSync =
          now.path("metadata").path("annotations").path("zonekeeper.dev/in-sync").asText();
      long members = inSync.isEmpty() ? 0 : inSync.split(",").length;
      if (holder.isEmpty() || members != primaries) {
        return "leader \"%s\", in sync: %s".formatted(holder, inSync);
      }
      List<String> wrong = new ArrayList<>();
      int ready = 0;
      for (JsonNode pod : pods("primary")) {
        String name = pod.at("/metadata/name").asText();
        String role = pod.path("metadata").path("labels").path("zonekeeper.dev/role").asText();
        boolean isReady = isReady(pod) && pod.at("/metadata/deletionTimestamp").isMissingNode();
        ready += isReady ? 1 : 0;
        if (!isReady || !role.equals(name.equals(holder) ? "leader" : "standby")) {
          wrong.add("%s: role %s, ready %s".formatted(name, role, isReady));
        }
      }
      for (JsonNode pod : pods("secondary")) {
        if (!isReady(pod)) {
          wrong.add(pod.at("/metadata/name").asText() + " is not ready");
        }
      }
      Set<String> writes = endpoints(NAME + "-rw");
      if (writes.size() != (endpoint.equals("leader") ? 1 : primaries)) {
        wrong.add("updates go to " + writes);
      }
      if (ready != primaries) {
        wrong.add(ready + " of " + primaries + " primaries are ready");
      }
      return String.join("; ", wrong);
    } catch (AssertionError | KubernetesClientException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static boolean isReady(JsonNode pod) {
    for (JsonNode condition : pod.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  /** What the {@code named} of each member holds. */
  Map<String, ZoneCopy> copies() {
    return PodCopies.of(this);
  }

  /**
   * The same as soon as all hold what the leader holds, as they must in the end: a standby's {@code
   * named} pulls, and a secondary is told, a moment after the client.
   */
  Map<String, ZoneCopy> equalCopies() {
    AtomicReference<Map<String, ZoneCopy>> last = new AtomicReference<>();
    await("all hold what the leader holds")
        .atMost(HEALING)
        .untilAsserted(() -> {
          last.set(copies());
          ZoneCopy.assertEqual(last.get(), leader());
        });
    return last.get();
  }

  /**
   * Runs a command of this machine's shell on the process of a pod's agent.
   *
   * @param command with {@code $pid} where the process id goes
   */
  void onAgent(String pod, String command) {
    String uid = pod(pod).at("/metadata/uid").asText();
    String script =
        """
        for pid in $(pgrep -x java); do
          if grep -qs "%s" /proc/$pid/cgroup; then %s; fi
        done
        """
            .formatted(uid, command);
    Program.of("bash", "-c", script).run().expect(0);
  }

  /** Removes the release, its data and the nodes. */
  @Override
  public void close() {
    api.close();
    script("e2e/cluster", "down").within(HEALING).run();
    Folders.delete(values.getParent());
  }
}
