package dev.zonekeeper.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * As much of the Kubernetes API as Helm needs to install: it tells its version and its kinds, and
 * keeps what it is given, unchecked. Patches are merged as RFC 7396 says, which is right for
 * objects without lists.
 */
final class StubApiServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What Helm writes its record of a release in; it is not kept. */
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

  /** A kind and where it is served. */
  private record Kind(String groupVersion, String kind, String plural) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("v1", "ConfigMap", "configmaps"),
          new Kind("v1", "Namespace", "namespaces"),
          new Kind("v1", "Secret", "secrets"),
          new Kind("v1", "Service", "services"),
          new Kind("v1", "ServiceAccount", "serviceaccounts"),
          new Kind("apps/v1", "StatefulSet", "statefulsets"),
          new Kind("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"),
          new Kind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
          new Kind("policy/v1beta1", "PodDisruptionBudget", "poddisruptionbudgets"),
          new Kind("rbac.authorization.k8s.io/v1", "Role", "roles"),
          new Kind("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings"));

  private final int minor;
  private final HttpServer server;
  private final Map<String, JsonNode> objects = new TreeMap<>();

  private StubApiServer(int minor, HttpServer server) {
    this.minor = minor;
    this.server = server;
  }

  /** Version 1.minor. */
  static StubApiServer start(int minor) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    StubApiServer stub = new StubApiServer(minor, http);
    http.createContext("/", stub::handle);
    http.start();
    return stub;
  }

  /** How to reach it, as kubectl and Helm read it. */
  String kubeconfig() {
    return """
    {"apiVersion": "v1", "kind": "Config", "current-context": "stub", "users": [],
     "clusters": [{"name": "stub", "cluster": {"server": "http://127.0.0.1:%d"}}],
     "contexts": [{"name": "stub", "context": {"cluster": "stub", "user": ""}}]}
    """
        .formatted(server.getAddress().getPort());
  }

  /** What was installed. */
  synchronized List<JsonNode> objects() {
    return List.copyOf(objects.values());
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      if (PROTOBUF.equals(type)) {
        answer(exchange, 200, type, body);
        return;
      }
      switch (exchange.getRequestMethod()) {
        case "POST" -> {
          JsonNode object = JSON.readTree(body);
          objects.put(path + "/" + object.path("metadata").path("name").asText(), object);
          answer(exchange, 201, object);
        }
        case "PATCH" -> {
          objects.put(path, merged(objects.get(path), JSON.readTree(body)));
          answer(exchange, 200, objects.get(path));
        }
        default -> get(exchange, path);
      }
    }
  }

  private void get(HttpExchange exchange, String path) throws IOException {
    if (objects.containsKey(path)) {
      answer(exchange, 200, objects.get(path));
      return;
    }
    Optional<JsonNode> told = discovery(path).or(() -> list(path));
    if (told.isPresent()) {
      answer(exchange, 200, told.get());
    } else {
      answer(
          exchange,
          404,
          JSON.createObjectNode()
              .put("apiVersion", "v1")
              .put("kind", "Status")
              .put("status", "Failure")
              .put("reason", "NotFound")
              .put("code", 404));
    }
  }

  /** What there is, in the form that all versions have. */
  private Optional<JsonNode> discovery(String path) {
    ObjectNode answer = JSON.createObjectNode();
    switch (path) {
      case "/version" ->
          answer
              .put("major", "1")
              .put("minor", String.valueOf(minor))
              .put("gitVersion", "v1." + minor + ".0");
      case "/api" -> answer.put("kind", "APIVersions").putArray("versions").add("v1");
      case "/apis" -> {
        ArrayNode groups = answer.put("kind", "APIGroupList").putArray("groups");
        groupVersions()
            .filter(gv -> gv.contains("/"))
            .map(gv -> gv.substring(0, gv.indexOf('/')))
            .distinct()
            .forEach(group -> {
              ArrayNode versions = groups.addObject().put("name", group).putArray("versions");
              groupVersions()
                  .filter(gv -> gv.startsWith(group + "/"))
                  .forEach(gv ->
                      versions
                          .addObject()
                          .put("groupVersion", gv)
                          .put("version", gv.substring(group.length() + 1)));
            });
      }
      default -> {
        String groupVersion = path.replaceFirst("^/apis?/", "");
        if (groupVersions().noneMatch(groupVersion::equals)) {
          return Optional.empty();
        }
        ArrayNode resources =
            answer
                .put("kind", "APIResourceList")
                .put("groupVersion", groupVersion)
                .putArray("resources");
        KINDS.stream()
            .filter(kind -> kind.groupVersion().equals(groupVersion))
            .forEach(kind ->
                resources
                    .addObject()
                    .put("name", kind.plural())
                    .put("kind", kind.kind())
                    .put("namespaced", !kind.kind().equals("Namespace"))
                    .putArray("verbs")
                    .add("get")
                    .add("list")
                    .add("create")
                    .add("patch")
                    .add("delete"));
      }
    }
    return Optional.of(answer);
  }

  /** policy/v1 came with 1.21, and v1beta1 went with 1.25. */
  private Stream<String> groupVersions() {
    return KINDS.stream()
        .map(Kind::groupVersion)
        .distinct()
        .filter(gv -> !gv.equals("policy/v1") || minor >= 21)
        .filter(gv -> !gv.equals("policy/v1beta1") || minor < 25);
  }

  /** Helm lists nothing but its own records. */
  private static Optional<JsonNode> list(String path) {
    return KINDS.stream()
        .filter(kind -> path.endsWith("/" + kind.plural()))
        .findFirst()
        .map(kind -> {
          ObjectNode list = JSON.createObjectNode();
          list.put("apiVersion", kind.groupVersion()).put("kind", kind.kind() + "List");
          list.putArray("items");
          return list;
        });
  }

  private static JsonNode merged(JsonNode old, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode result = old != null && old.isObject() ? old.deepCopy() : JSON.createObjectNode();
    patch
        .properties()
        .forEach(field -> {
          if (field.getValue().isNull()) {
            result.remove(field.getKey());
          } else {
            result.set(field.getKey(), merged(result.get(field.getKey()), field.getValue()));
          }
        });
    return result;
  }

  private static void answer(HttpExchange exchange, int code, JsonNode body) throws IOException {
    answer(exchange, code, "application/json", JSON.writeValueAsBytes(body));
  }

  private static void answer(HttpExchange exchange, int code, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
