package dev.zonekeeper.campaign.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.campaign.check.Anomaly;
import dev.zonekeeper.campaign.fault.Fault;
import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.history.Outcome;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.InputSource;

class ReportTest {
  private static final long SECOND = 1_000_000_000L;

  private static Report report(List<Anomaly> anomalies) {
    return new Report(
        "three servers & a <script>",
        Duration.ofSeconds(10),
        7,
        Instant.parse("2026-01-02T03:04:05.678901Z"),
        0,
        10 * SECOND,
        List.of(
            new Fault(FaultKind.KILL_NAMED, "primary-0 (leader)", 2 * SECOND, 3 * SECOND),
            new Fault(FaultKind.WIPE, "primary-1", 6 * SECOND, 7 * SECOND)),
        Map.of(
            Outcome.ACKNOWLEDGED, 3L, Outcome.UNMET, 2L, Outcome.REJECTED, 1L, Outcome.UNKNOWN, 4L),
        5,
        6,
        new long[] {SECOND, 2 * SECOND, 6 * SECOND + 1},
        0,
        anomalies);
  }

  @Test
  void the_last_line_is_for_programs() {
    String text = TextReport.of(report(List.of()), false);

    assertThat(text).endsWith("\nanomalies: 0, acknowledged: 3, faults: 2\n");
  }

  @Test
  void interruptions_are_shown_by_kind_of_fault() {
    String text = TextReport.of(report(List.of()), false);

    assertThat(text).containsPattern("kill-named +1 +4,000 ms");
    assertThat(text).containsPattern("wipe +1 +4,000 ms");
    assertThat(text).containsPattern("all +2 ");
  }

  @Test
  void every_anomaly_is_counted_and_the_whole_report_shows_each() {
    List<Anomaly> many =
        java.util.stream.IntStream.range(0, 9)
            .mapToObj(i -> new Anomaly("name" + i, "lost", List.of("evidence" + i)))
            .toList();

    assertThat(TextReport.of(report(many), false))
        .contains("evidence0")
        .doesNotContain("evidence8")
        .endsWith("\nanomalies: 9, acknowledged: 3, faults: 2\n");
    assertThat(TextReport.of(report(many), true)).contains("evidence8");
  }

  @Test
  void it_says_when_it_began_so_that_the_logs_can_be_read_beside_it() {
    assertThat(TextReport.of(report(List.of()), false))
        .contains("from 2026-01-02T03:04:05.678Z on");
    assertThat(HtmlReport.of(report(List.of()))).contains("from 2026-01-02T03:04:05.678Z on");
  }

  @ParameterizedTest
  @CsvSource({"8, 1", "66, 10", "186, 20", "360, 30", "400, 60", "3700, 300", "90000, 7200"})
  void time_is_marked_in_steps_that_people_count_in(long seconds, int step) {
    assertThat(Plot.step(seconds)).isEqualTo(step);
  }

  @Test
  void updates_are_counted_per_second() {
    assertThat(report(List.of()).perSecond()).containsExactly(0, 1, 1, 0, 0, 0, 1, 0, 0, 0);
  }

  @Test
  void the_page_needs_nothing_from_elsewhere_and_its_plot_is_well_formed() throws Exception {
    String html = HtmlReport.of(report(List.of(new Anomaly("a<b", "lost & gone", List.of("<x>")))));

    assertThat(html).doesNotContain("http:", "https:", "src=", "<script>");
    assertThat(html).contains("a&lt;b", "lost &amp; gone", "&lt;x&gt;", "three servers &amp; a");
    String svg = html.substring(html.indexOf("<svg"), html.indexOf("</svg>") + 6);
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getElementsByTagName("title")
                .getLength())
        .as("a title for each fault, in both plots")
        .isEqualTo(4);
  }

  @Test
  void the_folder_has_both_forms_and_the_logs(@TempDir Path temp) throws IOException {
    Path servers = temp.resolve("servers");
    Files.createDirectories(servers.resolve("p0/log"));
    Files.writeString(servers.resolve("p0/log/agent.log"), "said");
    Files.writeString(servers.resolve("p0/zone.db"), "no log");
    Path folder = temp.resolve("report");

    ReportFolder.write(folder, report(List.of()), servers);

    assertThat(folder.resolve("report.txt")).content().contains("anomalies: 0");
    assertThat(folder.resolve("report.html")).content().contains("<svg");
    assertThat(folder.resolve("logs/p0/log/agent.log")).hasContent("said");
    assertThat(folder.resolve("logs/p0/zone.db")).doesNotExist();
  }
}
