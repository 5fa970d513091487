package dev.zonekeeper.campaign.pods;

import dev.zonekeeper.kubernetes.PodHandling;
import dev.zonekeeper.kubernetes.RemotePod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the pods have said: kept before they are deleted, since it goes with them. */
final class PodLogs {
  private final PodHandling pods;
  private final Path folder;
  private int kept;

  /**
   * Logs in a folder.
   *
   * @param folder must be there
   */
  PodLogs(PodHandling pods, Path folder) {
    this.pods = pods;
    this.folder = folder;
  }

  /**
   * Keeps what a pod has said so far, if that can be had: it is evidence, not the campaign's aim.
   */
  void keep(RemotePod pod) {
    keep(pod, false);
    if (pod.restarts() > 0) {
      keep(pod, true);
    }
  }

  void keep(List<RemotePod> some) {
    some.forEach(this::keep);
  }

  private void keep(RemotePod pod, boolean before) {
    try {
      String log = pods.log(pod.name(), before);
      Files.writeString(folder.resolve(fileName(pod.name(), before)), log);
    } catch (IOException notThere) {
      // A pod that has not begun, or is gone, says nothing.
    }
  }

  private synchronized String fileName(String pod, boolean before) {
    kept++;
    return "%03d-%s%s.log".formatted(kept, pod, before ? "-before" : "");
  }
}
