package dev.zonekeeper.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/**
 * What an agent has counted since it began: its {@code /metrics} at one moment.
 *
 * @param values by name and labels, as they are written there
 */
record AgentMetrics(Map<String, Double> values) {

  /** Asks the agent that listens there. */
  static AgentMetrics of(String http) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + http + "/metrics")).build();
      return parse(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
  }

  /** Reads the text format of Prometheus; what is no sample is left out. */
  static AgentMetrics parse(String text) {
    Map<String, Double> values = new HashMap<>();
    for (String line : text.lines().toList()) {
      int space = line.lastIndexOf(' ');
      if (space > 0 && !line.startsWith("#")) {
        values.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
      }
    }
    return new AgentMetrics(values);
  }

  /**
   * The mean of what a timer has measured since an earlier moment, in milliseconds; NaN if it has
   * measured nothing.
   *
   * @param labels such as <code>{station="named"}</code>; may be empty
   */
  double meanMillisSince(AgentMetrics before, String timer, String labels) {
    double seconds = since(before, timer + "_sum" + labels);
    double count = since(before, timer + "_count" + labels);
    return count > 0 ? seconds / count * 1_000 : Double.NaN;
  }

  private double since(AgentMetrics before, String name) {
    return values.getOrDefault(name, 0.0) - before.values.getOrDefault(name, 0.0);
  }
}
