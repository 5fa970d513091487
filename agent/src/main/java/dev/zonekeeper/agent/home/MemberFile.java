package dev.zonekeeper.agent.home;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zonekeeper.agent.lease.LeaseJson;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.Memory;
import java.io.IOException;
import java.util.Optional;

/**
 * What {@code member.json} says.
 *
 * @param incarnation the life of the data beside the file
 * @param memory what the member has seen
 */
record MemberFile(String incarnation, Memory memory) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** The bytes of the file of that member. */
  byte[] toBytes(String member) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("member", member).put("incarnation", incarnation);
    memory.lease().ifPresent(lease -> json.set("lastLease", LeaseJson.toJson(lease)));
    json.put("knownEpoch", memory.epoch());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  /**
   * Reads the bytes of a file.
   *
   * @throws IOException it is not as it was written, with what is wrong
   */
  static MemberFile of(byte[] bytes) throws IOException {
    JsonNode json = JSON.readTree(bytes);
    JsonNode incarnation = json.path("incarnation");
    JsonNode epoch = json.path("knownEpoch");
    if (!incarnation.isTextual() || incarnation.textValue().isBlank()) {
      throw new IOException("expected an incarnation, found " + shown(incarnation));
    }
    if (!epoch.isMissingNode() && !(epoch.isIntegralNumber() && epoch.canConvertToLong())) {
      throw new IOException("expected a number as knownEpoch, found " + shown(epoch));
    }
    Optional<Lease> lease =
        json.hasNonNull("lastLease")
            ? Optional.of(LeaseJson.fromJson(json.get("lastLease")))
            : Optional.empty();
    long seen = lease.map(Lease::epoch).orElse(0L);
    return new MemberFile(
        incarnation.textValue(), new Memory(lease, Math.max(epoch.asLong(), seen)));
  }

  private static String shown(JsonNode node) {
    return node.isMissingNode() ? "none" : node.toString();
  }
}
