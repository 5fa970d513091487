package dev.zonekeeper.kubernetes;

import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What an operator, or somebody with the same rights and worse intent, does to a cluster's pods.
 */
public final class PodHandling {
  private static final Duration EXEC = Duration.ofSeconds(30);
  private static final int NOT_KNOWN = 400;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Api api;
  private final String namespace;
  private final String cluster;

  PodHandling(Api api, String namespace, String cluster) {
    this.api = api;
    this.namespace = namespace;
    this.cluster = cluster;
  }

  /**
   * Deletes a pod, if it is there; does not wait for its end.
   *
   * @param grace how long it may take to end; zero: it is forgotten at once. Empty: as it wants
   */
  public void delete(String pod, Optional<Duration> grace) throws IOException {
    api.call(
        "delete pod " + pod,
        () ->
            grace.isPresent()
                ? pod(pod).withGracePeriod(grace.get().toSeconds()).delete()
                : pod(pod).delete());
  }

  /**
   * Evicts a pod.
   *
   * @return whether its disruption budget let it
   */
  public boolean evict(String pod) throws IOException {
    try {
      evict(pod, "policy/v1");
    } catch (ApiFailure failure) {
      if (failure.code() == TOO_MANY_REQUESTS) {
        return false;
      }
      if (failure.code() != NOT_KNOWN && !failure.isNotFound()) {
        throw failure;
      }
      return evictAsBefore122(pod);
    }
    return true;
  }

  private boolean evictAsBefore122(String pod) throws IOException {
    try {
      evict(pod, "policy/v1beta1");
      return true;
    } catch (ApiFailure failure) {
      if (failure.code() == TOO_MANY_REQUESTS) {
        return false;
      }
      throw failure;
    }
  }

  private void evict(String pod, String apiVersion) throws IOException {
    String eviction =
        """
        {"apiVersion": "%s", "kind": "Eviction", "metadata": {"name": "%s", "namespace": "%s"}}
        """
            .formatted(apiVersion, pod, namespace);
    api.call(
        "evict pod " + pod,
        () ->
            api.client()
                .raw(
                    "/api/v1/namespaces/%s/pods/%s/eviction".formatted(namespace, pod),
                    "POST",
                    eviction));
  }

  /** Deletes a pod's volume claim. It is gone, and its data with it, when the pod has ended. */
  public void deleteVolume(String pod) throws IOException {
    String claim = "data-" + pod;
    api.call(
        "delete volume claim " + claim,
        () ->
            api.client().persistentVolumeClaims().inNamespace(namespace).withName(claim).delete());
  }

  /** Deletes the lease, if it is there. */
  public void deleteLease() throws IOException {
    api.call(
        "delete lease " + cluster,
        () -> api.client().leases().inNamespace(namespace).withName(cluster).delete());
  }

  /** Asks the leader to hand over to this member; empty: asks it no more. Does not wait. */
  public void handOver(Optional<String> to) throws IOException {
    String patch =
        """
        {"metadata": {"annotations": {"%s": %s}}}
        """
            .formatted(Names.HANDOVER_TO, to.map(member -> "\"" + member + "\"").orElse("null"));
    api.call(
        "annotate lease " + cluster,
        () ->
            api.client()
                .leases()
                .inNamespace(namespace)
                .withName(cluster)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch));
  }

  /**
   * Has every pod of a set replaced, as {@code kubectl rollout restart} does; does not wait.
   *
   * @param primary of the primaries, or else of the secondaries
   */
  public void restart(boolean primary) throws IOException {
    String set = cluster + "-" + (primary ? Names.PRIMARY : Names.SECONDARY);
    String patch =
        """
        {"spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "%s"}}}}}
        """
            .formatted(Instant.now());
    api.call(
        "restart StatefulSet " + set,
        () ->
            api.client()
                .apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(set)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch));
  }

  /**
   * Runs a script of the shell in a pod's container.
   *
   * @return what it wrote to standard output
   * @throws IOException it did not end with 0, or not within 30 s, with what it said
   */
  public String run(String pod, String script) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String what = "run \"" + script + "\" in pod " + pod;
    int exit =
        api.call(
            what,
            EXEC,
            () -> {
              try (ExecWatch running =
                  pod(pod)
                      .inContainer(Names.CONTAINER)
                      .writingOutput(out)
                      .writingError(err)
                      .withReadyWaitTimeout(0)
                      .exec("sh", "-c", script)) {
                return running.exitCode().get(EXEC.toSeconds(), TimeUnit.SECONDS);
              }
            });
    if (exit != 0) {
      throw new IOException(
          "cannot %s: exit code %d: %s"
              .formatted(what, exit, err.toString(StandardCharsets.UTF_8).strip()));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * What a pod's container has said.
   *
   * @param before of the container that ran before the one that runs now
   */
  public String log(String pod, boolean before) throws IOException {
    return api.call(
        "read the log of pod " + pod,
        EXEC,
        () ->
            before
                ? pod(pod).inContainer(Names.CONTAINER).terminated().getLog()
                : pod(pod).inContainer(Names.CONTAINER).getLog());
  }

  private PodResource pod(String pod) {
    return api.client().pods().inNamespace(namespace).withName(pod);
  }
}
