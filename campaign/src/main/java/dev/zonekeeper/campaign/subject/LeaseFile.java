package dev.zonekeeper.campaign.subject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The cluster's lease.
 *
 * @param path where it lies
 */
record LeaseFile(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Members of the in-sync set and their incarnations; nobody when there is no lease. */
  Map<String, String> inSync() {
    Map<String, String> members = new LinkedHashMap<>();
    try {
      for (JsonNode member : JSON.readTree(path.toFile()).path("inSync")) {
        members.put(member.path("member").asText(), member.path("incarnation").asText());
      }
    } catch (IOException none) {
      return Map.of();
    }
    return members;
  }

  void delete() throws IOException {
    Files.deleteIfExists(path);
  }
}
