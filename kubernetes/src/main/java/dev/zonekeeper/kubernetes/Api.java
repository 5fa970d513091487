package dev.zonekeeper.kubernetes;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The API server. Each request is sent once, because whoever repeats one must know what became of
 * the first, and each call ends in time, whatever the server does.
 */
public final class Api implements Closeable {
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private final KubernetesClient client;
  private final Duration limit;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kubernetes-", 0).factory());

  private Api(Config config, Duration requestLimit) {
    int millis = Math.toIntExact(Math.max(1, requestLimit.toMillis()));
    Config once =
        new ConfigBuilder(config)
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(millis)
            .withConnectionTimeout(millis)
            // A watch that ends is begun anew by whoever watches, who knows then that it had ended.
            .withWatchReconnectLimit(0)
            .withOnlyHttpWatches(true)
            // One connection for everything would, when its packets vanish, take everything along
            // for the many minutes that TCP does not give up.
            .withHttp2Disable(true)
            .build();
    this.client =
        new KubernetesClientBuilder()
            .withConfig(once)
            .withHttpClientFactory(new JdkHttpClientFactory())
            .withTaskExecutor(threads)
            .build();
    this.limit = requestLimit.multipliedBy(2);
  }

  /**
   * With whatever configuration.
   *
   * @param requestLimit how long to connect, and again how long to wait for the answer
   */
  public static Api of(Config config, Duration requestLimit) {
    return new Api(config, requestLimit);
  }

  /**
   * As the service account of the pod that this runs in; outside of a pod as the user's kubeconfig
   * says.
   *
   * @param requestLimit how long to connect, and again how long to wait for the answer
   * @throws IOException the pod has no service account
   */
  public static Api here(Map<String, String> environment, Duration requestLimit)
      throws IOException {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    boolean inPod = host != null && !environment.containsKey("KUBECONFIG");
    return new Api(
        inPod ? ofServiceAccount(environment, SERVICE_ACCOUNT) : Config.autoConfigure(null),
        requestLimit);
  }

  /**
   * As the user's kubeconfig says; without one, as the service account of the pod that this runs
   * in.
   *
   * @param context of the kubeconfig; empty: the current one
   * @param requestLimit how long to connect, and again how long to wait for the answer
   * @throws IOException there is no such context, and the message has those there are; or there is
   *     neither a kubeconfig nor a service account
   */
  public static Api ofUser(
      Map<String, String> environment, Optional<String> context, Duration requestLimit)
      throws IOException {
    Config config = Config.autoConfigure(context.orElse(null));
    List<String> contexts =
        config.getContexts() == null
            ? List.of()
            : config.getContexts().stream().map(NamedContext::getName).sorted().toList();
    if (context.isPresent() && !contexts.contains(context.get())) {
      throw new IOException(
          "the kubeconfig has no context %s; it has %s"
              .formatted(context.get(), contexts.isEmpty() ? "none" : String.join(", ", contexts)));
    }
    if (contexts.isEmpty() && !environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      throw new IOException(
          "there is no kubeconfig, in KUBECONFIG or ~/.kube/config, and this is no pod");
    }
    return new Api(config, requestLimit);
  }

  static Config ofServiceAccount(Map<String, String> environment, Path folder) throws IOException {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    Path token = folder.resolve("token");
    if (!Files.isReadable(token)) {
      throw new IOException(
          token + ": no token; the pod needs a service account and automountServiceAccountToken");
    }
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(
            "https://%s:%s/"
                .formatted(
                    host.contains(":") ? "[" + host + "]" : host,
                    environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443")))
        .withCaCertFile(folder.resolve("ca.crt").toString())
        .withOauthTokenProvider(new TokenFile(token))
        .build();
  }

  KubernetesClient client() {
    return client;
  }

  /** Where the API server is, for people. */
  String server() {
    return client.getMasterUrl().toString();
  }

  /** The namespace of the context, or of the pod that this runs in. */
  Optional<String> namespace() {
    return Optional.ofNullable(client.getConfiguration().getNamespace());
  }

  /** The context's name, where there is one. */
  Optional<String> context() {
    return Optional.ofNullable(client.getConfiguration().getCurrentContext())
        .map(NamedContext::getName);
  }

  /**
   * Makes one request.
   *
   * @param what in words, for the message of the failure: {@code "read lease demo"}
   * @throws ApiFailure it was refused, or not answered in time
   * @throws InterruptedIOException the calling thread was interrupted
   */
  <T> T call(String what, Callable<T> request) throws IOException {
    return call(what, limit, request);
  }

  /**
   * Makes one request that may take its time.
   *
   * @param atMost until then it must have been answered
   */
  <T> T call(String what, Duration atMost, Callable<T> request) throws IOException {
    Future<T> answer = threads.submit(request);
    try {
      return answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failure(what, e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new ApiFailure(
          "cannot " + what + ": no answer within " + atMost.toMillis() + " ms",
          ApiFailure.NO_ANSWER,
          e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("cannot " + what);
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private ApiFailure failure(String what, Throwable cause) {
    if (cause instanceof KubernetesClientException refused && refused.getCode() > 0) {
      Status status = refused.getStatus();
      String why =
          status == null || status.getMessage() == null
              ? refused.getMessage()
              : status.getMessage();
      return new ApiFailure(
          "cannot " + what + ": " + why + " (HTTP " + refused.getCode() + ")",
          refused.getCode(),
          cause);
    }
    boolean nobodyThere = false;
    String why = cause.getClass().getSimpleName();
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof HttpTimeoutException) {
        why = "no connection, or no answer, in time";
        break;
      }
      nobodyThere |= at instanceof ConnectException;
      why = at.getMessage() == null ? why : at.getMessage();
    }
    return new ApiFailure(
        "cannot "
            + what
            + ": "
            + (nobodyThere ? client.getMasterUrl() + " refuses connections" : why),
        ApiFailure.NO_ANSWER,
        cause);
  }

  @Override
  public void close() {
    client.close();
    threads.shutdownNow();
  }
}
