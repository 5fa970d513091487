package dev.zonekeeper.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A member's pod as somebody sees it who is not in the cluster.
 *
 * @param primary whether it is of the primary set
 * @param address where it is; empty before it has one, and when it has ended
 * @param ready whether its probe says that it may serve
 * @param ending whether it was deleted and has not ended yet
 * @param role leader, standby or secondary, as its agent has said; empty when it has not
 * @param restarts how often its container was started again
 * @param waiting why its container does not run, in a word of the kubelet's such as {@code
 *     CrashLoopBackOff}; empty when it runs
 * @param scheduled whether it has a node
 */
public record RemotePod(
    String name,
    String uid,
    boolean primary,
    Optional<InetAddress> address,
    boolean ready,
    boolean ending,
    String role,
    int restarts,
    Optional<String> waiting,
    boolean scheduled) {

  /** Whether its agent has said that it leads. */
  public boolean leads() {
    return role.equals(Names.LEADER);
  }

  static RemotePod of(Pod pod) {
    MemberPod member = MemberPod.of(pod);
    Map<String, String> labels = pod.getMetadata().getLabels();
    Optional<ContainerStatus> container =
        pod.getStatus() == null
            ? Optional.empty()
            : pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(Names.CONTAINER))
                .findFirst();
    return new RemotePod(
        member.name(),
        member.uid(),
        Names.PRIMARY.equals(labels.get(Names.KIND)),
        member.address(),
        is(pod, "Ready"),
        pod.getMetadata().getDeletionTimestamp() != null,
        member.role().orElse(""),
        container.map(ContainerStatus::getRestartCount).orElse(0),
        container
            .map(ContainerStatus::getState)
            .flatMap(state -> Optional.ofNullable(state.getWaiting()))
            .map(waiting -> String.valueOf(waiting.getReason())),
        is(pod, "PodScheduled"));
  }

  private static boolean is(Pod pod, String condition) {
    List<PodCondition> conditions =
        pod.getStatus() == null ? List.of() : pod.getStatus().getConditions();
    return conditions.stream()
        .filter(one -> one.getType().equals(condition))
        .anyMatch(one -> one.getStatus().equals("True"));
  }
}
