package dev.zonekeeper.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.kubernetes.KubernetesView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The cluster on Kubernetes that the pod is a member of in which the command runs. */
final class KubernetesPlace implements Place {
  private final KubernetesView view;

  private KubernetesPlace(KubernetesView view) {
    this.view = view;
  }

  static KubernetesPlace here(Map<String, String> environment) throws IOException, CommandFailed {
    try {
      return new KubernetesPlace(KubernetesView.here(environment, Path.of("/")));
    } catch (ConfigException wrong) {
      throw CommandFailed.refused(
          wrong.getMessage() + "; run it in a pod of the cluster: kubectl exec POD -- zonekeeper",
          wrong);
    }
  }

  @Override
  public ClusterFile cluster() throws IOException {
    return view.cluster();
  }

  @Override
  public Optional<Lease> lease() throws IOException {
    return view.lease().read().map(LeaseStore.Versioned::lease);
  }

  @Override
  public LeaseStore openLease() {
    return view.lease();
  }

  @Override
  public Duration leaseDuration(String member) {
    return view.settings().timing().lease();
  }

  @Override
  public String role(ClusterFile.Member member) {
    try {
      JsonNode status = StatusReader.get(member);
      return status.path("healthy").asBoolean() ? status.path("role").asText() : "";
    } catch (IOException silent) {
      return "";
    }
  }

  @Override
  public Processes processes(ClusterFile.Member member) {
    return member.http().isUnresolved()
        ? new Processes(
            Processes.UNSEEN.agent(),
            Processes.UNSEEN.named(),
            Optional.of("its pod is not there, or has no address yet"))
        : Processes.UNSEEN;
  }

  @Override
  public String statusCommand() {
    return "status --kubernetes";
  }
}
