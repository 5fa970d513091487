package dev.zonekeeper.kubernetes;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ClusterOutline;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.config.MemberSettings;
import dev.zonekeeper.agent.config.Timing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the container's environment says: who this member is, by the downward API, and how the lease
 * is kept.
 *
 * @param pod the member's name
 * @param address where the others reach it
 * @param leaseName empty: as the cluster
 * @param lease how long a lease holds; empty: as the cluster file says
 * @param renewDeadline less than the lease
 * @param retryPeriod how often it is renewed; less than the deadline
 */
public record PodEnvironment(
    String pod,
    String namespace,
    InetAddress address,
    Optional<String> leaseName,
    String leaseNamespace,
    Optional<Duration> lease,
    Optional<Duration> renewDeadline,
    Optional<Duration> retryPeriod) {

  /** The ports of every member in its pod. */
  public static final ClusterOutline.Ports PORTS = new ClusterOutline.Ports(10053, 1053, 8053);

  private static final int NAMED_PORT = 5300;
  private static final int UPSTREAM_PORT = 5301;
  private static final int NOTIFY_PORT = 5302;
  private static final int RNDC_PORT = 9953;
  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(2);

  /**
   * Where a container has what.
   *
   * @param clusterFile what the cluster shall be: a ConfigMap
   * @param clusterKey what members sign with among themselves: a Secret
   * @param data the member's disk
   * @param run what need not outlive the pod
   */
  public record Layout(Path clusterFile, Path clusterKey, Path data, Path run) {

    /**
     * The folders of the container image.
     *
     * @param root {@code /}, but where somebody tries it out
     */
    public static Layout under(Path root) {
      return new Layout(
          root.resolve("etc/zonekeeper/cluster/cluster.json"),
          root.resolve("etc/zonekeeper/cluster-key/cluster.key"),
          root.resolve("var/lib/named"),
          root.resolve("run/zonekeeper"));
    }
  }

  /**
   * Reads it.
   *
   * @throws ConfigException a variable is missing or wrong; the message names it
   */
  public static PodEnvironment of(Map<String, String> environment) throws ConfigException {
    String namespace = required(environment, "POD_NAMESPACE");
    return new PodEnvironment(
        required(environment, "POD_NAME"),
        namespace,
        address(required(environment, "POD_IP")),
        optional(environment, "LEASE_NAME"),
        optional(environment, "LEASE_NAMESPACE").orElse(namespace),
        seconds(environment, "LEASE_DURATION_SECONDS"),
        seconds(environment, "LEASE_RENEW_DEADLINE_SECONDS"),
        seconds(environment, "LEASE_RETRY_PERIOD_SECONDS"));
  }

  /**
   * How this member is run.
   *
   * @throws ConfigException the environment does not go with the cluster file
   */
  public MemberSettings settings(Layout layout, ClusterOutline cluster) throws ConfigException {
    return new MemberSettings(
        pod,
        layout.clusterKey,
        layout.data,
        layout.run,
        new InetSocketAddress(address, PORTS.dns()),
        new InetSocketAddress(address, PORTS.peer()),
        new InetSocketAddress(PORTS.http()), // for kubectl port-forward, too
        NAMED_PORT,
        UPSTREAM_PORT,
        NOTIFY_PORT,
        RNDC_PORT,
        timing(cluster.timing()));
  }

  /** What the member is, by its name. */
  static ClusterFile.Kind kind(ClusterOutline cluster, String pod) {
    return pod.startsWith(cluster.name() + "-primary-")
        ? ClusterFile.Kind.PRIMARY
        : ClusterFile.Kind.SECONDARY;
  }

  /** The name of the lease. */
  public String leaseName(ClusterOutline cluster) {
    return leaseName.orElse(cluster.name());
  }

  /** How long a request to the API server may take: a renewal must not outlast its deadline. */
  public Duration requestLimit(Timing timing) {
    Duration deadline = renewDeadline.orElse(timing.lease().dividedBy(2));
    return deadline.compareTo(LONGEST_REQUEST) < 0 ? deadline : LONGEST_REQUEST;
  }

  private Timing timing(Timing file) throws ConfigException {
    Duration holds = lease.orElse(file.lease());
    Duration renewed = retryPeriod.orElse(file.renew());
    if (renewed.compareTo(holds) >= 0) {
      throw new ConfigException(
          "LEASE_RETRY_PERIOD_SECONDS: expected less than the lease's duration of "
              + inSeconds(holds)
              + ", found "
              + inSeconds(renewed));
    }
    if (renewDeadline.isPresent()
        && (renewDeadline.get().compareTo(holds) >= 0
            || renewDeadline.get().compareTo(renewed) <= 0)) {
      throw new ConfigException(
          "LEASE_RENEW_DEADLINE_SECONDS: expected between the retry period of "
              + inSeconds(renewed)
              + " and the lease's duration of "
              + inSeconds(holds)
              + ", found "
              + inSeconds(renewDeadline.get()));
    }
    try {
      return new Timing(
          holds,
          renewed,
          file.heartbeat(),
          file.heartbeatsMissed(),
          file.syncTimeout(),
          file.writeHold());
    } catch (IllegalArgumentException wrong) {
      throw new ConfigException("LEASE_DURATION_SECONDS: " + wrong.getMessage());
    }
  }

  private static String inSeconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }

  private static String required(Map<String, String> environment, String name)
      throws ConfigException {
    return optional(environment, name)
        .orElseThrow(() ->
            new ConfigException(
                name
                    + " is not in the environment; in a pod it comes from the downward API:"
                    + " valueFrom.fieldRef.fieldPath"));
  }

  private static Optional<String> optional(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  private static InetAddress address(String text) throws ConfigException {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException wrong) {
      throw new ConfigException("POD_IP: expected an IP address, found \"" + text + "\"");
    }
  }

  private static Optional<Duration> seconds(Map<String, String> environment, String name)
      throws ConfigException {
    Optional<String> text = optional(environment, name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.get().matches("[1-9][0-9]{0,3}")) {
      throw new ConfigException(
          name + ": expected a whole number from 1 to 9999, found \"" + text.get() + "\"");
    }
    return Optional.of(Duration.ofSeconds(Long.parseLong(text.get())));
  }
}
