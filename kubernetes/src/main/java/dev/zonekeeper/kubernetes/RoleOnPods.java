package dev.zonekeeper.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the role and in-sync marks on this member's pod as they should be, by a thread of its own
 * that tries until it is done. While this member leads, it takes the leader's label off every other
 * pod that still has it: of a leader that crashed, whose agent is not back.
 */
final class RoleOnPods implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RoleOnPods.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(3);
  private static final Duration FAREWELL = Duration.ofMillis(500);

  /** What is written on a pod. */
  record Marks(String role, boolean inSync) {}

  private final Api api;
  private final String namespace;
  private final String own;
  private final ClusterPods pods;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Long> lastTaken = new HashMap<>();
  private final Thread thread;
  private Optional<Marks> wanted = Optional.empty();
  private Optional<Marks> written = Optional.empty();
  private long writtenAt;
  private boolean woken;
  private boolean away;

  /** Begins to work. */
  RoleOnPods(Api api, String namespace, String own, ClusterPods pods) {
    this.api = api;
    this.namespace = namespace;
    this.own = own;
    this.pods = pods;
    this.thread = Thread.ofVirtual().name("role-on-pods").start(this::keep);
    pods.onChange(this::wake);
  }

  /** Has the marks written soon; does not block. */
  void show(Marks marks) {
    lock.lock();
    try {
      if (!wanted.equals(Optional.of(marks))) {
        wanted = Optional.of(marks);
        woken = true;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void keep() {
    Pause pause = new Pause(FIRST_PAUSE, LONGEST_PAUSE);
    try {
      while (!Thread.interrupted()) {
        try {
          keepOnce();
          pause.shorten();
          away = false;
          await();
        } catch (IOException | RuntimeException e) {
          if (!away) {
            LOG.warn("the pod's role is not shown yet: {}", e.getMessage());
            away = true;
          }
          pause.take();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the pod's role is not kept any more");
    }
  }

  /** Waits until there may be something to do. */
  private void await() throws InterruptedException {
    long left = LOOK_EVERY.toNanos();
    lock.lock();
    try {
      while (!woken && left > 0) {
        left = changed.awaitNanos(left);
      }
      woken = false;
    } finally {
      lock.unlock();
    }
  }

  private void keepOnce() throws IOException {
    Optional<Marks> now = wanted();
    if (now.isEmpty()) {
      return;
    }
    if (!now.equals(written()) || lost(now.get())) {
      Marks marks = now.get();
      patch(own, Optional.empty(), Optional.of(marks.role), Optional.of(marks.inSync));
      lock.lock();
      try {
        written = now;
        writtenAt = System.nanoTime();
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
    if (now.get().role.equals(Names.LEADER)) {
      takeFromOthers();
    }
  }

  private Optional<Marks> wanted() {
    lock.lock();
    try {
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  private Optional<Marks> written() {
    lock.lock();
    try {
      return written;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Somebody else has changed the label since; what was just written may not have been seen yet.
   */
  private boolean lost(Marks marks) {
    boolean settled = System.nanoTime() - writtenAt > SEEN_WITHIN.toNanos();
    MemberPod pod = pods.now().get(own);
    return settled && pod != null && !pod.role().equals(Optional.of(marks.role));
  }

  /** Only from the very state that was seen: it may lead again by now, and show it. */
  private void takeFromOthers() throws IOException {
    for (MemberPod pod : pods.now().values()) {
      boolean looksLikeLeader =
          !pod.name().equals(own) && pod.role().equals(Optional.of(Names.LEADER));
      if (looksLikeLeader && notJustDone(pod.name())) {
        try {
          patch(pod.name(), Optional.of(pod.resourceVersion()), Optional.empty(), Optional.empty());
          LOG.info("{} does not lead any more and was still labelled so", pod.name());
        } catch (ApiFailure refused) {
          if (!refused.isConflict() && !refused.isNotFound()) {
            throw refused;
          }
          LOG.debug("{} has changed meanwhile", pod.name());
        }
        lastTaken.put(pod.name(), System.nanoTime());
      }
    }
  }

  private boolean notJustDone(String pod) {
    Long last = lastTaken.get(pod);
    return last == null || System.nanoTime() - last > LOOK_EVERY.toNanos();
  }

  /**
   * Changes the marks of a pod and nothing else.
   *
   * @param onlyIf the resource version it must still have
   * @param role empty: the label is removed
   * @param inSync empty: left as it is
   */
  private void patch(
      String pod, Optional<String> onlyIf, Optional<String> role, Optional<Boolean> inSync)
      throws IOException {
    ObjectNode patch = JSON.createObjectNode();
    ObjectNode metadata = patch.putObject("metadata");
    onlyIf.ifPresent(version -> metadata.put("resourceVersion", version));
    metadata.putObject("labels").put(Names.ROLE, role.orElse(null));
    inSync.ifPresent(
        value -> metadata.putObject("annotations").put(Names.IN_SYNC, value.toString()));
    Pod target =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(pod)
            .endMetadata()
            .build();
    api.call(
        "label pod " + pod,
        () ->
            api.client()
                .pods()
                .inNamespace(namespace)
                .resource(target)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString()));
  }

  /** What was shown last is still written if that can be done quickly. */
  @Override
  public void close() {
    long left = FAREWELL.toNanos();
    lock.lock();
    try {
      while (!wanted.equals(written) && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
