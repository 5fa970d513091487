package dev.zonekeeper.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is of interest of a member's pod.
 *
 * @param address where it is; empty before it has one, and when it has ended
 * @param created orders pods that seem to be at the same address
 * @param role its label, which its agent has set
 * @param inSync its annotation, which its agent has set
 */
record MemberPod(
    String name,
    String uid,
    String resourceVersion,
    Instant created,
    Optional<InetAddress> address,
    Optional<String> role,
    Optional<String> inSync) {

  static MemberPod of(Pod pod) {
    ObjectMeta meta = pod.getMetadata();
    return new MemberPod(
        meta.getName(),
        String.valueOf(meta.getUid()),
        String.valueOf(meta.getResourceVersion()),
        created(meta),
        address(pod),
        value(meta.getLabels(), Names.ROLE),
        value(meta.getAnnotations(), Names.IN_SYNC));
  }

  private static Instant created(ObjectMeta meta) {
    String text = meta.getCreationTimestamp();
    return text == null ? Instant.EPOCH : Instant.parse(text);
  }

  /** A pod that has ended keeps its address in the object, while another may have got it. */
  private static Optional<InetAddress> address(Pod pod) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    String phase = pod.getStatus().getPhase();
    if ("Failed".equals(phase) || "Succeeded".equals(phase)) {
      return Optional.empty();
    }
    String ip = pod.getStatus().getPodIP();
    return ip == null || ip.isBlank() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(ip));
  }

  private static Optional<String> value(Map<String, String> values, String name) {
    return Optional.ofNullable(values).map(v -> v.get(name));
  }
}
