package dev.zonekeeper.campaign.pods;

import dev.zonekeeper.kubernetes.RemotePod;
import java.net.InetAddress;
import java.util.Optional;

/** Pods for tests. */
final class Pods {
  private Pods() {}

  static RemotePod running(String name, String role) {
    return pod(name, role, true, Optional.empty(), true);
  }

  static RemotePod waiting(String name, String why) {
    return pod(name, "", false, Optional.of(why), true);
  }

  static RemotePod unscheduled(String name) {
    return pod(name, "", false, Optional.empty(), false);
  }

  private static RemotePod pod(
      String name, String role, boolean ready, Optional<String> waiting, boolean scheduled) {
    return new RemotePod(
        name,
        "uid of " + name,
        name.contains("primary"),
        Optional.of(InetAddress.getLoopbackAddress()),
        ready,
        false,
        role,
        0,
        waiting,
        scheduled);
  }
}
