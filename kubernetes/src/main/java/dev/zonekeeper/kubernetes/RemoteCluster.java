package dev.zonekeeper.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A cluster as somebody sees it who is not in one of its pods: asked of the API server each time,
 * with that user's rights. Each method fails with an {@link ApiFailure} that says which right, or
 * what else, is missing.
 */
public final class RemoteCluster implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DNS_PORT = 53;

  private final Api api;
  private final String namespace;
  private final String name;
  private final LeaseStore lease;

  /**
   * What the cluster shall be.
   *
   * @param minInSync how many members must hold an update before it is acknowledged
   * @param zones absolute or not, as somebody wrote them
   * @param volumes whether a member's data outlives its pod
   */
  public record Shape(
      int primaries, int secondaries, int minInSync, List<String> zones, boolean volumes) {
    public Shape {
      zones = List.copyOf(zones);
    }
  }

  private RemoteCluster(Api api, String namespace, String name) {
    this.api = api;
    this.namespace = namespace;
    this.name = name;
    this.lease = KubernetesLeaseStore.unwatched(api, namespace, name, name);
  }

  /**
   * Looks for a cluster that the chart has installed.
   *
   * @param api is closed with the cluster
   * @param namespace empty: that of the user's context
   * @param name empty: the only one of the namespace
   * @throws IOException there is none of that name, or more than one; the message has their names
   */
  public static RemoteCluster find(Api api, Optional<String> namespace, Optional<String> name)
      throws IOException {
    String where = namespace.or(api::namespace).orElse("default");
    NavigableSet<String> there =
        api
            .call(
                "list the StatefulSets of namespace " + where,
                () ->
                    api.client()
                        .apps()
                        .statefulSets()
                        .inNamespace(where)
                        .withLabel(Names.CLUSTER)
                        .list())
            .getItems()
            .stream()
            .map(set -> set.getMetadata().getLabels().get(Names.CLUSTER))
            .collect(Collectors.toCollection(TreeSet::new));
    if (name.isPresent() ? !there.contains(name.get()) : there.size() != 1) {
      throw new IOException(
          "%s of Zonekeeper in namespace %s of %s; there %s"
              .formatted(
                  name.map(n -> "no cluster " + n).orElse("not exactly one cluster"),
                  where,
                  api.server(),
                  there.isEmpty() ? "is none" : "are: " + String.join(", ", there)));
    }
    return new RemoteCluster(api, where, name.orElseGet(there::first));
  }

  /** The cluster's name. */
  public String name() {
    return name;
  }

  /** Where it is, for people: the namespace, the API server and the context that it is of. */
  public String inWords() {
    return "cluster %s in namespace %s of %s%s"
        .formatted(
            name,
            namespace,
            api.server(),
            api.context().map(c -> " (context " + c + ")").orElse(""));
  }

  /** What is done to its objects. */
  public PodHandling handling() {
    return new PodHandling(api, namespace, name);
  }

  /** Its pods now, by name. */
  public List<RemotePod> pods() throws IOException {
    List<RemotePod> pods = new ArrayList<>();
    for (Pod pod :
        api.call(
                "list the pods of " + name,
                () ->
                    api.client()
                        .pods()
                        .inNamespace(namespace)
                        .withLabel(Names.CLUSTER, name)
                        .withLabel(Names.KIND)
                        .list())
            .getItems()) {
      pods.add(RemotePod.of(pod));
    }
    pods.sort(java.util.Comparator.comparing(RemotePod::name));
    return pods;
  }

  /** What it shall be, by its ConfigMap and its StatefulSets. */
  public Shape shape() throws IOException {
    ConfigMap map =
        api.call(
            "read ConfigMap " + name,
            () -> api.client().configMaps().inNamespace(namespace).withName(name).get());
    if (map == null || map.getData() == null || !map.getData().containsKey("cluster.json")) {
      throw new IOException("there is no ConfigMap " + name + " with a cluster.json");
    }
    JsonNode file = JSON.readTree(map.getData().get("cluster.json"));
    List<String> zones = new ArrayList<>();
    file.path("zones").forEach(zone -> zones.add(zone.path("name").asText()));
    return new Shape(
        file.path("primaries").asInt(),
        file.path("secondaries").asInt(),
        file.path("minInSync").asInt(),
        zones,
        !set(Names.PRIMARY).getSpec().getVolumeClaimTemplates().isEmpty());
  }

  /** Who leads, as the lease says; empty when it is released or not there. */
  public Optional<String> leader() throws IOException {
    return lease.read().flatMap(found -> found.lease().holder());
  }

  /** The members in sync with their incarnations, as the lease says; nobody when there is none. */
  public Map<String, String> inSync() throws IOException {
    return lease
        .read()
        .map(LeaseStore.Versioned::lease)
        .map(Lease::inSync)
        .map(members ->
            members.stream()
                .collect(Collectors.toMap(MemberId::name, MemberId::incarnation, (a, _) -> a)))
        .orElse(Map.of());
  }

  /**
   * Whether every pod of the set is of its newest revision, and ready.
   *
   * @param primary of the set of the primaries, or else of the secondaries
   */
  public boolean isRolledOut(boolean primary) throws IOException {
    StatefulSet set = set(primary ? Names.PRIMARY : Names.SECONDARY);
    StatefulSetStatus status = set.getStatus();
    int replicas = set.getSpec().getReplicas();
    return status != null
        && set.getMetadata().getGeneration().equals(status.getObservedGeneration())
        && Objects.equals(status.getCurrentRevision(), status.getUpdateRevision())
        && Objects.requireNonNullElse(status.getReadyReplicas(), 0) == replicas;
  }

  /** Where updates go within the cluster's network. */
  public InetSocketAddress forUpdates() throws IOException {
    String service = name + "-rw";
    Service found =
        api.call(
            "read Service " + service,
            () -> api.client().services().inNamespace(namespace).withName(service).get());
    if (found == null) {
      throw new IOException("there is no Service " + service);
    }
    return new InetSocketAddress(InetAddress.ofLiteral(found.getSpec().getClusterIP()), DNS_PORT);
  }

  /** Where clients go at a pod, if it is somewhere. */
  public static Optional<InetSocketAddress> dns(RemotePod pod) {
    return pod.address().map(at -> new InetSocketAddress(at, PodEnvironment.PORTS.dns()));
  }

  private StatefulSet set(String kind) throws IOException {
    String set = name + "-" + kind;
    StatefulSet found =
        api.call(
            "read StatefulSet " + set,
            () -> api.client().apps().statefulSets().inNamespace(namespace).withName(set).get());
    if (found == null) {
      throw new IOException("there is no StatefulSet " + set);
    }
    return found;
  }

  @Override
  public void close() {
    api.close();
  }
}
