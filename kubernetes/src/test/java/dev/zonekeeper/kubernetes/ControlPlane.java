package dev.zonekeeper.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real etcd and kube-apiserver, started once for all tests. Their programs are taken from {@code
 * KUBEBUILDER_ASSETS}, or from the cache that {@code e2e/cluster} builds; without them the tests
 * that ask for it are skipped.
 */
final class ControlPlane implements AutoCloseable {
  static final String ADMIN = "admin-token";
  static final String AGENT = "agent-token";
  static final String NAMESPACE = "default";
  static final String SERVICE_ACCOUNT = "demo";

  private static final Duration START = Duration.ofSeconds(60);

  private final Path programs;
  private final Path folder;
  private final int etcdPort;
  private final int peerPort;
  private final int port;
  private final Process etcd;
  private Process server;

  private ControlPlane(Path programs) throws Exception {
    this.programs = programs;
    this.folder = Files.createTempDirectory("control-plane");
    List<Integer> ports = freePorts(3);
    this.etcdPort = ports.get(0);
    this.peerPort = ports.get(1);
    this.port = ports.get(2);
    writeKeys();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::kill));
    this.etcd = startEtcd();
    start();
  }

  /** Gives tests the one control plane, or skips them. */
  static final class Extension implements ParameterResolver, ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return programs()
          .map(folder -> ConditionEvaluationResult.enabled("with " + folder))
          .orElseGet(() ->
              ConditionEvaluationResult.disabled(
                  "no etcd and kube-apiserver in KUBEBUILDER_ASSETS or in the cache of"
                      + " e2e/cluster"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == ControlPlane.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .getOrComputeIfAbsent(
              ControlPlane.class, key -> started(programs().orElseThrow()), ControlPlane.class);
    }

    private static ControlPlane started(Path programs) {
      try {
        return new ControlPlane(programs);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private static Optional<Path> programs() {
      List<Path> folders = new ArrayList<>();
      Optional.ofNullable(System.getenv("KUBEBUILDER_ASSETS"))
          .map(Path::of)
          .ifPresent(folders::add);
      Path cache =
          Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
              .filter(text -> !text.isBlank())
              .map(Path::of)
              .orElse(Path.of(System.getProperty("user.home"), ".cache"));
      folders.add(cache.resolve("zonekeeper/kubernetes-1.20.2/bin"));
      return folders.stream()
          .filter(f -> Files.isExecutable(f.resolve("etcd")))
          .filter(f -> Files.isExecutable(f.resolve("kube-apiserver")))
          .findFirst();
    }
  }

  private void writeKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
    Files.writeString(
        folder.resolve("sa.key"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
            + "\n-----END PRIVATE KEY-----\n");
    Files.writeString(
        folder.resolve("tokens"),
        """
        %s,admin,1,"system:masters"
        %s,system:serviceaccount:%s:%s,2
        """
            .formatted(ADMIN, AGENT, NAMESPACE, SERVICE_ACCOUNT));
  }

  private Process startEtcd() throws IOException {
    String client = "http://127.0.0.1:" + etcdPort;
    String peer = "http://127.0.0.1:" + peerPort;
    return launch(
        "etcd",
        "--data-dir=" + folder.resolve("etcd"),
        "--unsafe-no-fsync",
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer);
  }

  /** Starts the API server, again on the same port and with the same data, and waits for it. */
  void start() throws IOException {
    server =
        launch(
            "kube-apiserver",
            "--etcd-servers=http://127.0.0.1:" + etcdPort,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            "--secure-port=" + port,
            "--cert-dir=" + folder.resolve("certs"),
            "--service-account-key-file=" + folder.resolve("sa.key"),
            "--service-account-signing-key-file=" + folder.resolve("sa.key"),
            "--service-account-issuer=https://kubernetes.default.svc",
            "--token-auth-file=" + folder.resolve("tokens"),
            "--authorization-mode=RBAC",
            "--disable-admission-plugins=ServiceAccount",
            "--service-cluster-ip-range=10.0.0.0/24");
    Awaitility.await("the API server; see " + folder)
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(this::answers);
  }

  private boolean answers() throws IOException {
    try (Api api = admin()) {
      return api.call(
              "look for a namespace", () -> api.client().namespaces().withName(NAMESPACE).get())
          != null;
    }
  }

  private Process launch(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(programs.resolve(program).toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(program + ".log").toFile()))
        .start();
  }

  /** All power. */
  Api admin() {
    return Api.of(as(ADMIN, port), Duration.ofSeconds(5));
  }

  /**
   * With a token, through the port of a proxy or of the server itself.
   *
   * @param at {@link #port} or that of a proxy in front of it
   */
  Config as(String token, int at) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("https://127.0.0.1:" + at + "/")
        .withCaCertFile(certificate().toString())
        .withOauthToken(token)
        .build();
  }

  Path certificate() {
    return folder.resolve("certs/apiserver.crt");
  }

  int port() {
    return port;
  }

  /** Freezes the API server: connections are taken and nothing is answered. */
  void freeze() throws Exception {
    signal("-STOP");
  }

  void thaw() throws Exception {
    signal("-CONT");
  }

  /** Ends the API server at once. */
  void killServer() throws InterruptedException {
    server.destroyForcibly().waitFor();
  }

  private void signal(String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(server.pid())).start();
    kill.waitFor(10, TimeUnit.SECONDS);
  }

  private void kill() {
    if (server != null) {
      server.destroyForcibly();
    }
    if (etcd != null) {
      etcd.destroyForcibly();
    }
  }

  @Override
  public void close() throws IOException {
    kill();
    server.onExit().join();
    etcd.onExit().join();
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }
}
