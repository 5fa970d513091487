package dev.zonekeeper.campaign.pods;

import dev.zonekeeper.kubernetes.PodHandling;
import dev.zonekeeper.kubernetes.RemotePod;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Helps pods up that Kubernetes lets lie: a container that was ended too often within ten minutes
 * is not started again for up to five, and a pod that was made while its volume claim was about to
 * go waits for that claim for ever. A new pod has neither.
 */
final class Revival {
  private static final Duration COMES_BY_ITSELF = Duration.ofSeconds(8);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final PodHandling pods;
  private final PodWatch watch;
  private final Lying lying = new Lying();

  Revival(PodHandling pods, PodWatch watch) {
    this.pods = pods;
    this.watch = watch;
  }

  /**
   * Waits a while for the next container of a pod, or the next pod of that name, to run.
   *
   * @param old as it was before it was hurt
   */
  void await(RemotePod old) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + COMES_BY_ITSELF.toNanos();
    while (System.nanoTime() - deadline < 0) {
      Optional<RemotePod> now = watch.pod(old.name());
      if (now.isPresent() && runsAnew(now.get(), old)) {
        return;
      }
      if (now.isPresent()) {
        help(now.get());
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  private static boolean runsAnew(RemotePod now, RemotePod old) {
    boolean another = !now.uid().equals(old.uid()) || now.restarts() != old.restarts();
    return another && now.scheduled() && now.waiting().isEmpty() && !now.ending();
  }

  /** Deletes each pod that would lie too long. */
  void helpAll() throws IOException {
    for (RemotePod pod : watch.now()) {
      help(pod);
    }
  }

  private void help(RemotePod pod) throws IOException {
    if (!pod.ending() && lying.is(pod, System.nanoTime())) {
      pods.delete(pod.name(), Optional.empty());
    }
  }

  /** Which pods are such. For any number of threads. */
  static final class Lying {
    private static final Duration NO_NODE = Duration.ofSeconds(4);
    private static final String BACK_OFF = "CrashLoopBackOff";

    private final Map<String, Long> unscheduledSince = new ConcurrentHashMap<>();

    /** Whether this one is; that it has no node is a sign only when that goes on. */
    boolean is(RemotePod pod, long nowNanos) {
      if (pod.scheduled()) {
        return pod.waiting().equals(Optional.of(BACK_OFF));
      }
      long since = unscheduledSince.computeIfAbsent(pod.uid(), _ -> nowNanos);
      return nowNanos - since > NO_NODE.toNanos();
    }
  }
}
