package dev.zonekeeper.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * A folder with what was measured: {@code README.md} with machine, tables and plots, {@code
 * figures.csv} with each single figure, and the plots as SVG.
 */
public final class ReportFolder {
  private ReportFolder() {}

  /**
   * Writes it; files of an earlier report of the same names are replaced.
   *
   * @param command how it was measured
   * @param scratch a folder on the disk that the servers wrote to
   * @param table the rows, as they were printed
   */
  public static void write(
      Path folder, String command, Path scratch, String table, Findings findings)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("figures.csv"), csv(findings));
    StringBuilder page = new StringBuilder("# Measured\n\n");
    page.append("    ").append(command).append("\n\non ");
    page.append(LocalDate.now(ZoneOffset.UTC))
        .append(", all servers and the load on one machine:\n\n");
    Machine.inLines(scratch).forEach(line -> page.append("- ").append(line).append('\n'));
    page.append('\n');
    table.lines().forEach(line -> page.append("    ").append(line).append('\n'));
    page.append("\nWhat the rows are: [benchmarks.md](../benchmarks.md).\n");
    for (Plot plot : findings.plots()) {
      String file = plot.file() + ".svg";
      Files.writeString(folder.resolve(file), SvgPlot.of(plot, findings.medians(plot)));
      page.append("\n![%s, over %s](%s)\n".formatted(plot.title(), plot.across(), file));
    }
    if (!findings.plots().isEmpty()) {
      page.append("\nPoints are medians; each single run is in [figures.csv](figures.csv).\n");
    }
    Files.writeString(folder.resolve("README.md"), page.toString());
  }

  static String csv(Findings findings) {
    StringBuilder lines = new StringBuilder("plot,side,across,value\n");
    List<Findings.Finding> all = findings.all();
    for (Findings.Finding finding : all) {
      lines.append(
          String.format(
              Locale.ROOT,
              "%s,%s,%s,%s%n",
              finding.plot().file(),
              finding.side(),
              Machine.number(finding.x()),
              Machine.number(finding.value())));
    }
    return lines.toString();
  }
}
