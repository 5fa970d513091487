package dev.zonekeeper.agent.named;

import static dev.zonekeeper.agent.named.NamedFixture.LIMIT;
import static dev.zonekeeper.agent.named.NamedFixture.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.agent.config.QueryLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of queries, of a named that runs. */
class QueryLogTest {
  @TempDir Path folder;
  private NamedFixture fixture;

  @BeforeEach
  void aFixture() {
    fixture = new NamedFixture(folder);
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  @Test
  void beginsAndEndsWhileNamedRuns() throws Exception {
    NamedSettings settings = fixture.settings("primary-0");
    NameServer server = fixture.primary(settings);
    Path log = settings.workDir().resolve("query.log");
    NamedFixture.serial(server, ZONE);
    assertThat(log).doesNotExist();

    apply(server, Optional.of(new QueryLog(2, 1)));
    NamedFixture.serial(server, ZONE);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(log).content().contains("query: example.com IN SOA"));

    apply(server, Optional.empty());
    long size = Files.size(log);
    NamedFixture.serial(server, ZONE);
    assertThat(server.rndc().status()).contains("query logging is OFF");
    assertThat(log).hasSize(size);
  }

  private void apply(NameServer server, Optional<QueryLog> wanted) throws Exception {
    server.apply(
        ZoneRole.PRIMARY,
        new Serving(List.of(fixture.spec(ZONE)), List.of(fixture.userKey), wanted));
  }
}
