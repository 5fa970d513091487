package dev.zonekeeper.agent.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A lease as JSON, the way the lease file and the members' own copies hold it. */
public final class LeaseJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LeaseJson() {}

  public static ObjectNode toJson(Lease lease) {
    ObjectNode node = JSON.createObjectNode();
    node.put("holder", lease.holder().orElse(null));
    node.put("epoch", lease.epoch());
    node.put("revision", lease.revision());
    node.put("renewedAt", lease.renewedAt().toString());
    node.put("durationMillis", lease.duration().toMillis());
    ArrayNode inSync = node.putArray("inSync");
    lease.inSync().stream()
        .sorted((a, b) -> a.toString().compareTo(b.toString()))
        .forEach(
            m -> inSync.addObject().put("member", m.name()).put("incarnation", m.incarnation()));
    node.put("handoverTo", lease.handoverTo().orElse(null));
    return node;
  }

  /**
   * Reads a lease.
   *
   * @throws IOException when the text is not a lease, saying which field is wrong
   */
  public static Lease fromJson(JsonNode node) throws IOException {
    try {
      Set<MemberId> inSync = new HashSet<>();
      for (JsonNode m : field(node, "inSync")) {
        inSync.add(new MemberId(field(m, "member").asText(), field(m, "incarnation").asText()));
      }
      return new Lease(
          text(node, "holder"),
          field(node, "epoch").asLong(),
          field(node, "revision").asLong(),
          Instant.parse(field(node, "renewedAt").asText()),
          Duration.ofMillis(field(node, "durationMillis").asLong()),
          inSync,
          text(node, "handoverTo"));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new IOException("not a lease: " + e.getMessage(), e);
    }
  }

  private static JsonNode field(JsonNode node, String name) throws IOException {
    JsonNode value = node.get(name);
    if (value == null) {
      throw new IOException("not a lease: field " + name + " is missing");
    }
    return value;
  }

  private static Optional<String> text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value.asText());
  }
}
