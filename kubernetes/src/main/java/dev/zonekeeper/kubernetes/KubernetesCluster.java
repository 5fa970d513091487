package dev.zonekeeper.kubernetes;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ClusterOutline;
import dev.zonekeeper.agent.config.ClusterSource;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.config.ConfigWatch;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounted cluster file, with its members where their pods are. A content that cannot be used is
 * reported once and leaves the last good one in force.
 */
final class KubernetesCluster implements ClusterSource {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesCluster.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final ConfigWatch<ClusterOutline> file;
  private final ClusterPods pods;
  private final String ownName;
  private final InetAddress ownAddress;
  private final Consumer<String> onBadFile;
  private final Semaphore moved = new Semaphore(0);
  private volatile ClusterFile current;
  private ClusterFile handedOver;

  /**
   * Takes the file as it is now.
   *
   * @param ownAddress of this member, whatever its pod object says
   * @param onBadFile told once why a content is not used; must not block
   */
  KubernetesCluster(
      ConfigWatch<ClusterOutline> file,
      ClusterPods pods,
      String ownName,
      InetAddress ownAddress,
      Consumer<String> onBadFile) {
    this.file = file;
    this.pods = pods;
    this.ownName = ownName;
    this.ownAddress = ownAddress;
    this.onBadFile = onBadFile;
    this.current = merged();
    this.handedOver = current;
    pods.onChange(this::membersMoved);
  }

  @Override
  public ClusterFile current() {
    return current;
  }

  /** Peers are asked where they are now from this moment on; the rest hears of it in its turn. */
  private synchronized void membersMoved() {
    ClusterFile next = merged();
    if (!next.equals(current)) {
      current = next;
      moved.release();
    }
  }

  private ClusterFile merged() {
    Map<String, MemberPod> now = pods.now();
    return file.current()
        .at(
            name ->
                name.equals(ownName)
                    ? Optional.of(ownAddress)
                    : ClusterPods.address(now, name).filter(at -> !at.equals(ownAddress)),
            PodEnvironment.PORTS);
  }

  @Override
  public void run(Consumer<ClusterFile> onChange) throws InterruptedException {
    while (!Thread.interrupted()) {
      handOver(onChange);
      if (moved.tryAcquire(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
        moved.drainPermits();
      }
      look();
    }
  }

  @SuppressWarnings("ReferenceEquality") // another object may mean another key
  private void handOver(Consumer<ClusterFile> onChange) {
    ClusterFile now = current;
    if (now != handedOver) {
      handedOver = now;
      onChange.accept(now);
    }
  }

  private synchronized void look() {
    try {
      if (file.look()) {
        LOG.info("the cluster file, or a key, has changed");
        current = merged();
      }
    } catch (ConfigException e) {
      LOG.error(
          "the cluster file is not used, the last good one stays in force: {}", e.getMessage());
      onBadFile.accept(e.getMessage());
    }
  }
}
