package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zonekeeper.e2e.LocalCluster.Signal;
import dev.zonekeeper.e2e.LocalCluster.What;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that logs in JSON, as a container's first process does. */
final class JsonLogTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void stdout_has_lines_of_json_and_nothing_else(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    try (LocalCluster cluster =
        LocalCluster.up("--primaries", "2", "--secondaries", "0", "--min-in-sync", "1")) {
      cluster.kill("primary-1", What.AGENT, Signal.TERM);
      cluster.awaitStatus("it is down", s -> !s.member("primary-1").healthy());
      Process agent =
          new ProcessBuilder(
                  Repository.zonekeeper().toString(),
                  "agent",
                  "--config",
                  cluster.folder("primary-1").resolve("agent.json").toString(),
                  "--log-format",
                  "json")
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      try {
        cluster.awaitWhole();
        cluster.kill("primary-1", What.NAMED, Signal.KILL);
        cluster.awaitStatus("named is missed", s -> !s.member("primary-1").healthy());
        cluster.awaitWhole();
      } finally {
        agent.destroy();
        agent.waitFor();
      }
    }

    List<String> lines = Files.readAllLines(out);
    assertThat(lines).isNotEmpty();
    for (String line : lines) {
      JsonNode event = JSON.readTree(line);
      assertThat(event.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}\\.\\d{3}Z");
      assertThat(event.path("member").asText()).isEqualTo("primary-1");
      assertThat(event.path("component").asText()).isIn("agent", "named");
      assertThat(event.path("message").asText()).isNotEmpty();
    }
    assertThat(lines).anyMatch(line -> line.contains("\"message\":\"stopped\""));
    assertThat(Files.readString(err)).isEmpty();
  }
}
