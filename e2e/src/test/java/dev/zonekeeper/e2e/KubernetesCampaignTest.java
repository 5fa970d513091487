package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A short campaign against pods, by the command that users have. */
@Tag("kubernetes")
@Order(2)
final class KubernetesCampaignTest {
  private static final Pattern LAST_LINE =
      Pattern.compile("anomalies: (\\d+), acknowledged: (\\d+), faults: (\\d+)");
  private static final Duration ENOUGH = Duration.ofMinutes(8);

  @RegisterExtension static final KubernetesExtension EXTENSION = new KubernetesExtension();

  @TempDir private Path folder;

  private Program campaign(String... options) {
    KubernetesRelease cluster = EXTENSION.release();
    List<String> line =
        new ArrayList<>(List.of(Repository.zonekeeper().toString(), "campaign", "--kubernetes"));
    line.addAll(List.of("--namespace", KubernetesRelease.NAMESPACE));
    line.addAll(List.of("--zone", LocalCluster.ZONE, "--key", cluster.keyFile().toString()));
    line.addAll(List.of(options));
    return Program.of(line)
        .in(Repository.root())
        .with("KUBECONFIG", cluster.kubeconfig().toString())
        .within(ENOUGH);
  }

  @Test
  void without_a_yes_it_says_whom_it_would_hurt_and_does_nothing() {
    Program.Outcome outcome = campaign("--only", "delete-pod,wipe", "--seed", "9").run().expect(2);

    assertThat(outcome.err())
        .contains(
            "this would do harm to cluster demo in namespace dns of https://",
            "for 180 s: delete-pod, wipe;",
            "write names below 9.zonekeeper-campaign.example.com",
            "Add --yes");
  }

  /** Faults that are over within seconds: a rolling restart would take the whole minute. */
  @Test
  void faults_for_a_minute_lose_nothing_and_leave_nothing() {
    Path report = folder.resolve("report");

    Program.Outcome outcome =
        campaign(
                "--yes",
                "--duration",
                "60s",
                "--seed",
                "3",
                "--only",
                "crash-agent,delete-pod,evict-pod,force-pod,kill-named,slow-named,switchover,wipe",
                "--report",
                report.toString())
            .run()
            .expect(0);

    Matcher last = LAST_LINE.matcher(outcome.out().strip().lines().reduce("", (_, line) -> line));
    assertThat(last.matches()).as("%s", outcome).isTrue();
    assertThat(Integer.parseInt(last.group(1))).as("anomalies").isZero();
    assertThat(Integer.parseInt(last.group(2))).as("acknowledged").isGreaterThan(100);
    assertThat(Integer.parseInt(last.group(3))).as("faults").isGreaterThan(1);
    assertThat(report.resolve("report.html")).content().contains("<svg", "cluster demo");
    assertThat(report.resolve("logs")).isDirectoryContaining("glob:**demo-primary-0.log");
    KubernetesRelease cluster = EXTENSION.release();
    cluster.awaitThat(
        "no member has a name of the campaign any more",
        () ->
            cluster.copies().values().stream()
                .flatMap(copy -> copy.lines().stream())
                .noneMatch(line -> line.contains("zonekeeper-campaign")));
  }
}
