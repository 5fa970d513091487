package dev.zonekeeper.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a member says at {@code /metrics} at one moment. */
record Metrics(List<String> lines) {

  static Metrics of(Status.Member member) {
    try (InputStream in = URI.create("http://" + member.http() + "/metrics").toURL().openStream()) {
      return new Metrics(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("no metrics of " + member.name(), e);
    }
  }

  /** The sum of all series of that name whose labels have this text among them. */
  double sum(String name, String labels) {
    return lines.stream()
        .filter(line -> line.startsWith(name + "{") && line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
