package dev.zonekeeper.campaign.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder with the report in its two forms, and the servers' logs. */
public final class ReportFolder {
  private ReportFolder() {}

  /**
   * Writes it.
   *
   * @param folder is made if it is not there
   * @param servers the folder that the servers were run in; their logs are copied
   */
  public static void write(Path folder, Report report, Path servers) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.txt"), TextReport.of(report, true));
    Files.writeString(folder.resolve("report.html"), HtmlReport.of(report));
    List<Path> logs;
    try (Stream<Path> files = Files.walk(servers)) {
      logs =
          files
              .filter(file -> file.getFileName().toString().matches(".*\\.log(\\.[0-9]+)?"))
              .filter(file -> !file.startsWith(folder))
              .toList();
    }
    for (Path log : logs) {
      Path copy = folder.resolve("logs").resolve(servers.relativize(log).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(log, copy);
    }
  }
}
