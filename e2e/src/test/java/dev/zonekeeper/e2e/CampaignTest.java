package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short campaigns of faults; {@code ./verify} runs a longer one. */
final class CampaignTest {
  private static final Pattern LAST_LINE =
      Pattern.compile("anomalies: (\\d+), acknowledged: (\\d+), faults: (\\d+)");
  private static final Duration ENOUGH = Duration.ofMinutes(6);

  @TempDir Path temp;

  private Program.Outcome campaign(String... options) {
    List<String> line =
        new ArrayList<>(List.of(Repository.zonekeeper().toString(), "campaign", "--seed", "11"));
    line.addAll(List.of("--base-port", "" + FreePorts.block(80)));
    line.addAll(List.of("--report", temp.resolve("report").toString()));
    line.addAll(List.of(options));
    return Program.of(line).in(Repository.root()).within(ENOUGH).run();
  }

  private static int figure(Program.Outcome outcome, int group) {
    String last = outcome.out().strip().lines().reduce("", (_, line) -> line);
    Matcher matcher = LAST_LINE.matcher(last);
    assertThat(matcher.matches()).as("%s", outcome).isTrue();
    return Integer.parseInt(matcher.group(group));
  }

  @Test
  void faults_for_half_a_minute_lose_nothing_that_was_acknowledged() {
    Program.Outcome outcome = campaign("--duration", "25s").expect(0);

    assertThat(figure(outcome, 1)).as("anomalies").isZero();
    assertThat(figure(outcome, 2)).as("acknowledged").isGreaterThan(100);
    assertThat(figure(outcome, 3)).as("faults").isPositive();
    assertThat(temp.resolve("report/report.html")).content().contains("<svg", "anomalies: 0");
    assertThat(temp.resolve("report/report.txt")).content().contains("anomalies: 0");
  }

  @Test
  void what_plain_bind_loses_in_the_same_way_is_found() {
    Program.Outcome outcome =
        campaign("--duration", "20s", "--baseline", "--only", "wipe,kill-named").expect(1);

    assertThat(figure(outcome, 1)).as("anomalies").isPositive();
    assertThat(outcome.out()).contains("ANOMALY", "no order of its operations explains");
  }
}
