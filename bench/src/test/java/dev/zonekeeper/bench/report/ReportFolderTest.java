package dev.zonekeeper.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportFolderTest {
  private final Findings findings = new Findings();

  @Test
  void aPlotShowsTheMedianOfTheRunsOfAPlace() {
    findings.add(Plot.LATENCY, "ours", 16, 9);
    findings.add(Plot.LATENCY, "ours", 16, 1);
    findings.add(Plot.LATENCY, "ours", 16, 4);
    findings.add(Plot.LATENCY, "ours", 1, 2);
    findings.add(Plot.LATENCY, "theirs", 1, 3);
    assertThat(findings.medians(Plot.LATENCY)).containsOnlyKeys("ours", "theirs");
    assertThat(findings.medians(Plot.LATENCY).get("ours")).containsEntry(16.0, 4.0);
    assertThat(findings.medians(Plot.THROUGHPUT)).isEmpty();
  }

  @Test
  void everyRunIsInTheTableOfFigures() {
    findings.add(Plot.THROUGHPUT, "ours", 1, 1234.5678);
    findings.add(Plot.THROUGHPUT, "ours", 1, 5);
    assertThat(ReportFolder.csv(findings).lines())
        .containsExactly(
            "plot,side,across,value",
            "updates-per-second,ours,1.000,1235",
            "updates-per-second,ours,1.000,5.000");
  }

  @Test
  void theFolderHasThePageThePlotsAndTheFigures(@TempDir Path folder) throws Exception {
    findings.add(Plot.THROUGHPUT, "ours", 1, 100);
    findings.add(Plot.THROUGHPUT, "ours", 64, 2000);
    findings.add(Plot.THROUGHPUT, "theirs", 1, 0);
    ReportFolder.write(folder, "zonekeeper bench", folder, "what  ours\n", findings);

    String page = Files.readString(folder.resolve("README.md"));
    assertThat(page)
        .contains("    zonekeeper bench\n")
        .contains("    what  ours\n")
        .contains("(updates-per-second.svg)")
        .doesNotContain("update-latency.svg");
    Document svg = parsed(folder.resolve("updates-per-second.svg"));
    assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("acknowledged per second", "updates in flight", "theirs");
    assertThat(folder.resolve("figures.csv")).exists();
  }

  private static Document parsed(Path svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(read(svg))));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }
}
