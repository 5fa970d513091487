package dev.zonekeeper.campaign.subject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zonekeeper.campaign.load.Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * One member of a cluster, as it lies in the cluster's folder.
 *
 * @param folder its own folder
 * @param primary whether it belongs to the primary set
 */
record Member(Path folder, boolean primary) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMillis(700);

  /** Its two processes. */
  enum What {
    AGENT,
    NAMED
  }

  String name() {
    return folder.getFileName().toString();
  }

  Path data() {
    return folder.resolve("data");
  }

  Path agentFile() {
    return folder.resolve("agent.json");
  }

  Server server() throws IOException {
    return Server.at(name(), address("dns"));
  }

  private InetSocketAddress address(String field) throws IOException {
    String text = JSON.readTree(agentFile().toFile()).path(field).asText();
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        InetAddress.ofLiteral(text.substring(0, colon)),
        Integer.parseInt(text.substring(colon + 1)));
  }

  /**
   * The process while it runs. A pid counts only while its command line names this member's folder:
   * pids are used again.
   */
  OptionalLong pid(What what) {
    Path file = folder.resolve("run").resolve(what == What.AGENT ? "agent.pid" : "named.pid");
    try {
      long pid = Long.parseLong(Files.readString(file).strip());
      String line =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
      return line.contains(folder.toString()) ? OptionalLong.of(pid) : OptionalLong.empty();
    } catch (IOException | NumberFormatException notRunning) {
      return OptionalLong.empty();
    }
  }

  /** The processes of it that run. */
  List<Long> pids() {
    return Stream.of(What.values()).flatMapToLong(what -> pid(what).stream()).boxed().toList();
  }

  /** Sends a signal to what runs of it. */
  void signal(String signal, What... processes) throws IOException, InterruptedException {
    for (What what : processes) {
      OptionalLong pid = pid(what);
      if (pid.isPresent()) {
        Program.signal(signal, pid.getAsLong());
      }
    }
  }

  boolean leads() {
    try {
      return Files.readString(folder.resolve("run").resolve("role")).strip().equals("leader");
    } catch (IOException nothingSaid) {
      return false;
    }
  }

  /** What its disk is called in the lease; empty when there is nothing on it. */
  Optional<String> incarnation() {
    try {
      String text =
          JSON.readTree(data().resolve("member.json").toFile()).path("incarnation").asText();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (IOException empty) {
      return Optional.empty();
    }
  }

  /** What its agent says of itself; empty when it does not answer. */
  Optional<JsonNode> status() {
    try {
      InetSocketAddress http = address("http");
      URI uri =
          URI.create(
              "http://%s:%d/status".formatted(http.getAddress().getHostAddress(), http.getPort()));
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout((int) PATIENCE.toMillis());
      connection.setReadTimeout((int) PATIENCE.toMillis());
      try (InputStream answer = connection.getInputStream()) {
        return Optional.of(JSON.readTree(answer));
      } finally {
        connection.disconnect();
      }
    } catch (IOException silent) {
      return Optional.empty();
    }
  }
}
