package dev.zonekeeper.campaign.pods;

import dev.zonekeeper.kubernetes.RemoteCluster;
import dev.zonekeeper.kubernetes.RemotePod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is to be seen of a cluster when it is as good as new: all members are there and ready, one
 * leads, and all primaries are in sync.
 *
 * @param primaries their names
 * @param secondaries their names
 */
record Wholeness(List<String> primaries, List<String> secondaries) {
  Wholeness {
    primaries = List.copyOf(primaries);
    secondaries = List.copyOf(secondaries);
  }

  static Wholeness of(String cluster, RemoteCluster.Shape shape) {
    return new Wholeness(
        names(cluster + "-primary-", shape.primaries()),
        names(cluster + "-secondary-", shape.secondaries()));
  }

  private static List<String> names(String prefix, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(prefix + i);
    }
    return names;
  }

  /**
   * What is missing, in a sentence; empty when nothing is.
   *
   * @param leader by the lease
   * @param inSync by the lease, members and their incarnations
   */
  Optional<String> missing(
      List<RemotePod> pods, Optional<String> leader, Map<String, String> inSync) {
    if (leader.isEmpty()) {
      return Optional.of("nobody leads");
    }
    return Stream.concat(primaries.stream(), secondaries.stream())
        .flatMap(name ->
            pods.stream()
                .filter(pod -> pod.name().equals(name))
                .findFirst()
                .map(pod -> missing(pod, leader.get(), inSync))
                .orElse(Optional.of(name + " is not there"))
                .stream())
        .findFirst();
  }

  private Optional<String> missing(RemotePod pod, String leader, Map<String, String> inSync) {
    if (pod.ending()) {
      return Optional.of(pod.name() + " is ending");
    }
    if (!pod.ready()) {
      return Optional.of(
          pod.name() + " is not ready" + pod.waiting().map(why -> ": " + why).orElse(""));
    }
    if (primaries.contains(pod.name()) && !inSync.containsKey(pod.name())) {
      return Optional.of(pod.name() + " is not in sync");
    }
    if (pod.leads() != pod.name().equals(leader)) {
      return Optional.of(
          "%s leads, and the label of %s says %s"
              .formatted(leader, pod.name(), pod.role().isEmpty() ? "nothing" : pod.role()));
    }
    return Optional.empty();
  }
}
