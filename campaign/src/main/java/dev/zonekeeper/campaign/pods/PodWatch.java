package dev.zonekeeper.campaign.pods;

import dev.zonekeeper.campaign.load.Server;
import dev.zonekeeper.kubernetes.RemoteCluster;
import dev.zonekeeper.kubernetes.RemotePod;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The pods as they were a moment ago; while the API server is away, as they were before that. */
final class PodWatch implements Closeable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final RemoteCluster cluster;
  private final Thread thread;
  private volatile List<RemotePod> pods;

  /** Looks, and goes on to look. */
  PodWatch(RemoteCluster cluster) throws IOException {
    this.cluster = cluster;
    this.pods = cluster.pods();
    this.thread = Thread.ofVirtual().name("pods").start(this::follow);
  }

  private void follow() {
    try {
      while (true) {
        Thread.sleep(LOOK_AGAIN);
        look();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      pods = cluster.pods();
    } catch (IOException away) {
      // They stay as they were; who needs the API server for more hears of it.
    }
  }

  List<RemotePod> now() {
    return pods;
  }

  Optional<RemotePod> pod(String name) {
    return pods.stream().filter(pod -> pod.name().equals(name)).findFirst();
  }

  /** The member's server, wherever its pod is at a time. */
  Server server(String name) {
    return new Server(name, () -> pod(name).flatMap(RemoteCluster::dns));
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
