package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The chart, installed as release "demo" in namespace "dns" on an API server of some version. */
final class ChartRelease implements AutoCloseable {
  /** Enough for an installation: an image, two zones and two keys. */
  static final String VALUES =
      """
      image: {repository: registry.example.com/dns/zonekeeper, tag: test}
      zones:
        - name: example.com
        - name: example.org
          seed: |
            $TTL 60
            @ IN SOA ns1.example.net. hostmaster.example.net. 7 3600 600 1209600 300
            @ IN NS ns1.example.net.
          notify: ["192.0.2.53:53"]
      keys:
        clients:
          - name: demo-update
            grants: [{zone: example.com, rule: zonesub ANY}]
            transfer: true
          - name: certbot
            grants: [{zone: example.org, rule: name _acme-challenge.example.org. TXT}]
      """;

  private static final Path CHART = Repository.root().resolve("deploy").resolve("chart");
  private static final int USUAL_MINOR = 30;

  private final StubApiServer api;
  private String notes = "";

  private ChartRelease(StubApiServer api) {
    this.api = api;
  }

  static Helm chart() {
    return new Helm(CHART);
  }

  /** Installed with {@link #VALUES} and these, which come second. */
  static ChartRelease with(String... values) throws IOException {
    return on(USUAL_MINOR, values);
  }

  /** The same on Kubernetes 1.minor. */
  static ChartRelease on(int minor, String... values) throws IOException {
    ChartRelease release = new ChartRelease(StubApiServer.start(minor));
    try {
      release.install(values);
      return release;
    } catch (RuntimeException | IOException e) {
      release.close();
      throw e;
    }
  }

  /** The message with which values are refused. */
  static String refusal(String... values) throws IOException {
    try (ChartRelease accepted = with(values)) {
      throw new AssertionError("accepted: " + String.join("\n", values) + "\n" + accepted.notes());
    } catch (IllegalStateException refused) {
      return refused.getMessage();
    }
  }

  /**
   * Installs with {@link #VALUES} and these over what is there: Helm takes over objects that it
   * made for this release, changes them, and asks them for what is kept.
   */
  void install(String... values) throws IOException {
    Path base = Files.createTempFile("values", ".yaml");
    Path more = Files.createTempFile("values", ".yaml");
    try {
      Files.writeString(base, VALUES);
      Files.writeString(more, String.join("\n", values) + "\n");
      notes =
          chart()
              .install()
              .withName("demo")
              .withNamespace("dns")
              .withKubeConfigContents(api.kubeconfig())
              .disableOpenApiValidation()
              .withValuesFile(base)
              .withValuesFile(more)
              .call()
              .getOutput();
    } finally {
      Files.delete(base);
      Files.delete(more);
    }
  }

  /** What Helm prints at the end. */
  String notes() {
    return notes;
  }

  List<JsonNode> all() {
    return api.objects();
  }

  List<JsonNode> all(String kind) {
    return api.objects().stream().filter(o -> o.path("kind").asText().equals(kind)).toList();
  }

  Optional<JsonNode> find(String kind, String name) {
    return all(kind).stream().filter(o -> name(o).equals(name)).findFirst();
  }

  JsonNode get(String kind, String name) {
    return find(kind, name)
        .orElseThrow(() ->
            new AssertionError(
                "no "
                    + kind
                    + " "
                    + name
                    + "; there are "
                    + all(kind).stream().map(ChartRelease::name).toList()));
  }

  /** The pod template of a StatefulSet. */
  JsonNode pod(String statefulSet) {
    return get("StatefulSet", statefulSet).path("spec").path("template");
  }

  /** The one container of a pod template. */
  JsonNode container(String statefulSet) {
    JsonNode containers = pod(statefulSet).path("spec").path("containers");
    assertThat(containers).hasSize(1);
    return containers.get(0);
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  /** Reads a piece of YAML or JSON to compare with. */
  static JsonNode yaml(String text) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(text);
  }

  @Override
  public void close() {
    api.close();
  }
}
