package dev.zonekeeper.kubernetes;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ClusterOutline;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.config.MemberSettings;
import dev.zonekeeper.agent.lease.LeaseStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A cluster as a command in one of its pods sees it: asked now, not followed. Lives as long as the
 * command.
 */
public final class KubernetesView {
  private final PodEnvironment environment;
  private final ClusterOutline outline;
  private final MemberSettings settings;
  private final Api api;

  private KubernetesView(
      PodEnvironment environment, ClusterOutline outline, MemberSettings settings, Api api) {
    this.environment = environment;
    this.outline = outline;
    this.settings = settings;
    this.api = api;
  }

  /**
   * In the pod that this process runs in.
   *
   * @param root where the container's folders are
   * @throws ConfigException this is no pod of a cluster, or its cluster file cannot be used
   */
  public static KubernetesView here(Map<String, String> environment, Path root)
      throws IOException, ConfigException {
    PodEnvironment pod = PodEnvironment.of(environment);
    PodEnvironment.Layout layout = PodEnvironment.Layout.under(root);
    ClusterOutline outline = ClusterOutline.load(layout.clusterFile());
    MemberSettings settings = pod.settings(layout, outline);
    return new KubernetesView(
        pod, outline, settings, Api.here(environment, pod.requestLimit(settings.timing())));
  }

  /** The cluster with its members where their pods are now. */
  public ClusterFile cluster() throws IOException {
    Map<String, MemberPod> pods =
        ClusterPods.listed(api, environment.namespace(), outline.name()).pods();
    return outline.at(name -> ClusterPods.address(pods, name), PodEnvironment.PORTS);
  }

  /** The lease. */
  public LeaseStore lease() {
    return KubernetesLeaseStore.unwatched(
        api, environment.leaseNamespace(), environment.leaseName(outline), outline.name());
  }

  /** How the member of this pod is run. */
  public MemberSettings settings() {
    return settings;
  }
}
