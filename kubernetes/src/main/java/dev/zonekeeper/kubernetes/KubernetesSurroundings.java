package dev.zonekeeper.kubernetes;

import dev.zonekeeper.agent.Surroundings;
import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ClusterOutline;
import dev.zonekeeper.agent.config.ClusterSource;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.config.ConfigWatch;
import dev.zonekeeper.agent.config.MemberSettings;
import dev.zonekeeper.agent.lease.LeaseStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * A pod's surroundings: the mounted cluster file, the Kubernetes API for the lease and the other
 * members, and labels, annotations and events to show what this member is.
 */
public final class KubernetesSurroundings implements Surroundings {
  private final PodEnvironment environment;
  private final MemberSettings settings;
  private final Api api;
  private final ClusterPods pods;
  private final KubernetesCluster cluster;
  private final KubernetesLeaseStore lease;
  private final RoleOnPods roles;
  private final Events events;
  private final Events.About ownPod;
  private final Events.About leaseObject;
  private Optional<Showing> shown = Optional.empty();

  /** Makes the connection to the API server: how long a request may take is known by then. */
  @FunctionalInterface
  public interface Connector {
    /**
     * A connection that this surroundings will close.
     *
     * @throws IOException there is nothing to connect with
     */
    Api connect(java.time.Duration requestLimit) throws IOException;
  }

  /**
   * Opens them; the API server need not be there.
   *
   * @throws ConfigException the environment or the cluster file cannot be used
   */
  public KubernetesSurroundings(
      PodEnvironment environment, PodEnvironment.Layout layout, Connector connector)
      throws IOException, ConfigException {
    this.environment = environment;
    ConfigWatch<ClusterOutline> file =
        new ConfigWatch<>(
            layout.clusterFile(),
            ClusterOutline::load,
            outline -> outline.keys().stream().map(ClusterFile.Key::file).toList());
    ClusterOutline outline = file.current();
    this.settings = environment.settings(layout, outline);
    if (outline
        .at(name -> Optional.empty(), PodEnvironment.PORTS)
        .member(environment.pod())
        .isEmpty()) {
      throw new ConfigException(
          "POD_NAME: %s is not among the members of %s in %s (primaries: %d, secondaries: %d)"
              .formatted(
                  environment.pod(),
                  outline.name(),
                  layout.clusterFile(),
                  outline.primaries(),
                  outline.secondaries()));
    }
    this.api = connector.connect(environment.requestLimit(settings.timing()));
    this.ownPod = new Events.About("v1", "Pod", environment.namespace(), environment.pod());
    this.leaseObject =
        new Events.About(
            "coordination.k8s.io/v1",
            "Lease",
            environment.leaseNamespace(),
            environment.leaseName(outline));
    this.pods = new ClusterPods(api, environment.namespace(), outline.name());
    this.events = new Events(api, environment.pod(), InstantSource.system());
    this.cluster =
        new KubernetesCluster(
            file, pods, environment.pod(), environment.address(), this::badClusterFile);
    this.roles = new RoleOnPods(api, environment.namespace(), environment.pod(), pods);
    pods.start();
    this.lease =
        KubernetesLeaseStore.watched(
            api, environment.leaseNamespace(), environment.leaseName(outline), outline.name());
    // The label of a life before a crash must not outlive the start.
    boolean primary = PodEnvironment.kind(outline, environment.pod()) == ClusterFile.Kind.PRIMARY;
    roles.show(new RoleOnPods.Marks(primary ? "standby" : "secondary", false));
  }

  /**
   * As the pod that this process runs in.
   *
   * @param root where the container's folders are
   */
  public static KubernetesSurroundings here(Map<String, String> environment, Path root)
      throws IOException, ConfigException {
    return new KubernetesSurroundings(
        PodEnvironment.of(environment),
        PodEnvironment.Layout.under(root),
        limit -> Api.here(environment, limit));
  }

  /** How this member is run. */
  public MemberSettings settings() {
    return settings;
  }

  @Override
  public ClusterSource cluster() {
    return cluster;
  }

  @Override
  public LeaseStore lease() {
    return lease;
  }

  @Override
  public synchronized void show(Showing now) {
    roles.show(new RoleOnPods.Marks(now.role(), now.inSync()));
    shown.ifPresent(before -> tellOfChange(before, now));
    shown = Optional.of(now);
  }

  private void tellOfChange(Showing before, Showing now) {
    String who = environment.pod();
    if (!now.role().equals(before.role())) {
      boolean leads = now.role().equals(Names.LEADER);
      String reason = leads ? "LeaderElected" : "BecameStandby";
      String what = leads ? "the leader" : "a " + now.role();
      String sentence = who + " is " + what + " now: " + now.why();
      tellOfPod(Events.Weight.NORMAL, reason, sentence);
      events.tell(leaseObject, lease::uid, Events.Weight.NORMAL, reason, sentence);
    }
    if (now.inSync() != before.inSync()) {
      tellOfPod(
          now.inSync() ? Events.Weight.NORMAL : Events.Weight.WARNING,
          now.inSync() ? "JoinedInSync" : "LeftInSync",
          who
              + (now.inSync()
                  ? " holds every acknowledged update and may take over"
                  : " may lack updates and may not take over: " + now.why()));
    }
  }

  private void badClusterFile(String why) {
    tellOfPod(
        Events.Weight.WARNING,
        "BadClusterFile",
        "the cluster file is not used, the last good one stays in force: " + why);
  }

  private void tellOfPod(Events.Weight weight, String reason, String sentence) {
    events.tell(
        ownPod,
        () -> Optional.ofNullable(pods.now().get(environment.pod())).map(MemberPod::uid),
        weight,
        reason,
        sentence);
  }

  @Override
  public void close() {
    roles.close();
    events.close();
    pods.close();
    lease.close();
    api.close();
  }
}
