package dev.zonekeeper.cli;

import dev.zonekeeper.campaign.CampaignSettings;
import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.load.Branch;
import dev.zonekeeper.campaign.pods.KubernetesSubject;
import dev.zonekeeper.dns.TsigKey;
import dev.zonekeeper.kubernetes.Api;
import dev.zonekeeper.kubernetes.RemoteCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import picocli.CommandLine.Option;

/** The options of a campaign that is about a cluster on Kubernetes which is there already. */
final class OnKubernetes {
  private static final Duration REQUEST = Duration.ofSeconds(5);

  @Option(
      names = "--kubernetes",
      required = true,
      description = "A cluster on Kubernetes that is there already, instead of one of its own.")
  @SuppressWarnings("UnusedVariable") // that it is given makes the group
  private boolean kubernetes;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Of the kubeconfig (default: the current one; in a pod its service account).")
  private String context;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "Where the cluster is (default: that of the context).")
  private String namespace;

  @Option(
      names = "--name",
      paramLabel = "CLUSTER",
      description = "The cluster's name (default: the only one of the namespace).")
  private String name;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      required = true,
      description = "A zone of the cluster to write names below zonekeeper-campaign to; repeat.")
  private List<String> zones = List.of();

  @Option(
      names = "--key",
      paramLabel = "FILE",
      required = true,
      description = "A key that may write there, and transfer the zones; repeat.")
  private List<Path> keyFiles = List.of();

  @Option(names = "--yes", description = "Needed: it does harm to a cluster that others may use.")
  private boolean yes;

  /**
   * The cluster, looked at and found fit.
   *
   * @param logs for the pods' logs; must be there
   * @throws CommandFailed nobody has said that this cluster is meant
   */
  KubernetesSubject subject(CampaignSettings settings, Path logs)
      throws IOException, CommandFailed, InterruptedException {
    List<Name> names = new ArrayList<>();
    for (String zone : zones) {
      names.add(Zones.name(zone));
    }
    List<TsigKey> keys = new ArrayList<>();
    for (Path file : keyFiles) {
      keys.addAll(TsigKey.read(file));
    }
    List<Branch> branches = KubernetesSubject.branches(names, settings.seed());
    RemoteCluster cluster =
        RemoteCluster.find(
            Api.ofUser(System.getenv(), Optional.ofNullable(context), REQUEST),
            Optional.ofNullable(namespace),
            Optional.ofNullable(name));
    try {
      checkZones(cluster, names);
      checkMeant(cluster, settings, branches);
      return KubernetesSubject.of(cluster, branches, keys, logs);
    } catch (IOException | CommandFailed | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static void checkZones(RemoteCluster cluster, List<Name> names)
      throws IOException, CommandFailed {
    List<Name> there = new ArrayList<>();
    for (String zone : cluster.shape().zones()) {
      there.add(Zones.name(zone));
    }
    for (Name zone : names) {
      if (!there.contains(zone)) {
        throw CommandFailed.refused(
            "--zone: %s has no zone %s; there are %s"
                .formatted(
                    cluster.inWords(),
                    zone.toString(true),
                    there.stream().map(z -> z.toString(true)).collect(Collectors.joining(", "))));
      }
    }
  }

  private void checkMeant(RemoteCluster cluster, CampaignSettings settings, List<Branch> branches)
      throws CommandFailed {
    if (yes) {
      return;
    }
    throw CommandFailed.refused(
        ("this would do harm to %s, for %d s: %s; and write names below %s. Add --yes if that"
                + " cluster is meant")
            .formatted(
                cluster.inWords(),
                settings.duration().toSeconds(),
                settings.kinds().stream().map(FaultKind::word).collect(Collectors.joining(", ")),
                branches.stream()
                    .map(branch -> branch.top().toString(true))
                    .collect(Collectors.joining(", "))));
  }
}
