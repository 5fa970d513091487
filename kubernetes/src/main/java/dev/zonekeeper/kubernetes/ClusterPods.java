package dev.zonekeeper.kubernetes;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of a cluster as they are now: by a watch, and by a list now and then, because a watch
 * whose connection is dead says nothing. While the API server is away they are as they were last.
 */
final class ClusterPods implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterPods.class);
  private static final Duration LIST_AGAIN = Duration.ofSeconds(15);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Api api;
  private final String namespace;
  private final String cluster;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile Map<String, MemberPod> pods = Map.of();
  private volatile boolean away;

  /** Begins to look; returns at once. */
  ClusterPods(Api api, String namespace, String cluster) {
    this.api = api;
    this.namespace = namespace;
    this.cluster = cluster;
    this.thread = Thread.ofVirtual().name("pods").unstarted(this::follow);
  }

  /** Has the callback called whenever a pod has changed; it must not block. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  void start() {
    thread.start();
  }

  /** The pods by name. */
  Map<String, MemberPod> now() {
    return pods;
  }

  /**
   * Where the pod of that name is. Of two pods that seem to be at one address it is the newer one:
   * the other has ended, and that is not known yet.
   */
  static Optional<InetAddress> address(Map<String, MemberPod> pods, String name) {
    return Optional.ofNullable(pods.get(name))
        .flatMap(MemberPod::address)
        .filter(address ->
            pods.values().stream()
                .filter(pod -> pod.address().equals(Optional.of(address)))
                .max(Comparator.comparing(MemberPod::created).thenComparing(MemberPod::name))
                .filter(newest -> newest.name().equals(name))
                .isPresent());
  }

  /**
   * Pods at one moment.
   *
   * @param version what a watch goes on from
   */
  record Listed(Map<String, MemberPod> pods, String version) {}

  /** The pods of a cluster now. */
  static Listed listed(Api api, String namespace, String cluster) throws IOException {
    PodList list =
        api.call("list the pods of " + cluster, () -> selected(api, namespace, cluster).list());
    Map<String, MemberPod> found = new HashMap<>();
    for (Pod pod : list.getItems()) {
      found.put(pod.getMetadata().getName(), MemberPod.of(pod));
    }
    return new Listed(found, list.getMetadata().getResourceVersion());
  }

  private static FilterWatchListDeletable<Pod, PodList, PodResource> selected(
      Api api, String namespace, String cluster) {
    return api.client().pods().inNamespace(namespace).withLabel(Names.CLUSTER, cluster);
  }

  private void follow() {
    Pause pause = new Pause(FIRST_PAUSE, LONGEST_PAUSE);
    try {
      while (!Thread.interrupted()) {
        try {
          if (watchFrom(list())) {
            pause.shorten();
            continue;
          }
        } catch (IOException | RuntimeException e) {
          report(e);
        }
        pause.take();
      }
    } catch (InterruptedException e) {
      LOG.debug("the pods are not watched any more");
    }
  }

  private void report(Exception e) {
    if (!away) {
      LOG.warn("the cluster's pods are not seen now, they stay as they were: {}", e.getMessage());
      away = true;
    }
  }

  /** Takes all pods as they are; returns the version to watch from. */
  private String list() throws IOException {
    Listed list = listed(api, namespace, cluster);
    if (away) {
      LOG.info("the cluster's pods are seen again");
      away = false;
    }
    replace(list.pods);
    return list.version;
  }

  /** Watches until it is time to list again; false when the watch ended before. */
  private boolean watchFrom(String resourceVersion) throws IOException, InterruptedException {
    Listener listener = new Listener();
    var options = new ListOptionsBuilder().withResourceVersion(resourceVersion).build();
    try (Watch _ =
        api.call(
            "watch the pods of " + cluster,
            () -> selected(api, namespace, cluster).watch(options, listener))) {
      return !listener.over.await(LIST_AGAIN.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      listener.deaf = true;
    }
  }

  private synchronized void replace(Map<String, MemberPod> found) {
    if (!found.equals(pods)) {
      pods = Map.copyOf(found);
      listeners.forEach(Runnable::run);
    }
  }

  private synchronized void changed(Listener by, Watcher.Action action, Pod pod) {
    if (by.deaf) {
      return;
    }
    Map<String, MemberPod> next = new HashMap<>(pods);
    String name = pod.getMetadata().getName();
    switch (action) {
      case ADDED, MODIFIED -> next.put(name, MemberPod.of(pod));
      case DELETED -> next.remove(name);
      case BOOKMARK, ERROR -> LOG.trace("{}", action);
    }
    replace(next);
  }

  /** Hears one watch until it is over. */
  private final class Listener implements Watcher<Pod> {
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean deaf;

    @Override
    public void eventReceived(Action action, Pod pod) {
      if (pod != null) {
        changed(this, action, pod);
      }
    }

    @Override
    public void onClose() {
      over.countDown();
    }

    @Override
    public void onClose(WatcherException cause) {
      LOG.debug("the watch of the pods ended: {}", cause.getMessage());
      over.countDown();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
