package dev.zonekeeper.cli;

import dev.zonekeeper.campaign.Campaign;
import dev.zonekeeper.campaign.CampaignSettings;
import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.fault.Subject;
import dev.zonekeeper.campaign.pods.KubernetesSubject;
import dev.zonekeeper.campaign.report.Report;
import dev.zonekeeper.campaign.report.ReportFolder;
import dev.zonekeeper.campaign.report.TextReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One campaign from its servers' start to its report.
 *
 * @param report a folder for it; empty: only if there is an anomaly, in the temporary folder
 * @param evidence whether what the servers leave in the temporary folder is worth more than their
 *     logs, which are in the report
 * @param announced kinds of faults of which was said before whether they can be done
 */
record CampaignRun(
    Terminal terminal,
    CampaignSettings settings,
    Optional<Path> report,
    boolean evidence,
    List<FaultKind> announced) {
  private static final int ANOMALIES = 1;

  CampaignRun {
    announced = List.copyOf(announced);
  }

  /** Starts the servers, or finds them. */
  @FunctionalInterface
  interface Start {
    /** Does so, with a folder for whatever they need or leave. */
    Subject in(Path folder) throws IOException, CommandFailed, InterruptedException;
  }

  /**
   * Runs it.
   *
   * @return the exit code
   */
  int run(Start start) throws IOException, CommandFailed, InterruptedException {
    Path folder = Files.createTempDirectory("zonekeeper-campaign-");
    Subject subject;
    try {
      subject = start.in(folder);
    } catch (IOException | CommandFailed notStarted) {
      if (!Files.exists(folder.resolve("cluster"))) {
        Folders.delete(folder);
      }
      throw notStarted;
    }
    Thread end = new Thread(() -> close(subject));
    Runtime.getRuntime().addShutdownHook(end);
    Report result;
    try {
      sayWhatIsLeftOut(subject);
      result = new Campaign(subject, settings, terminal::say).run();
      keepEvidence(subject, result);
    } finally {
      close(subject);
      forget(end);
    }
    boolean good = result.anomalies().isEmpty();
    if (report.isPresent() || !good) {
      Path where = report.orElse(folder.resolve("report"));
      ReportFolder.write(where, result, folder);
      terminal.say("The report is in " + where.toAbsolutePath());
    }
    if (good || (!evidence && report.isPresent())) {
      Folders.delete(folder);
    }
    terminal.out().print(TextReport.of(result, false));
    return good ? 0 : ANOMALIES;
  }

  private void sayWhatIsLeftOut(Subject subject) throws CommandFailed {
    List<FaultKind> left = settings.kinds().stream().filter(kind -> !subject.knows(kind)).toList();
    if (left.size() == settings.kinds().size()) {
      throw CommandFailed.refused(
          "none of these faults can be done here: %s; see docs/campaign.md".formatted(words(left)));
    }
    List<FaultKind> news = left.stream().filter(kind -> !announced.contains(kind)).toList();
    if (!news.isEmpty()) {
      terminal.say("Without %s: see docs/campaign.md for what it takes".formatted(words(news)));
    }
  }

  private static String words(List<FaultKind> kinds) {
    return String.join(", ", kinds.stream().map(FaultKind::word).toList());
  }

  private void keepEvidence(Subject subject, Report result) {
    if (!(subject instanceof KubernetesSubject pods)) {
      return;
    }
    if (report.isPresent() || !result.anomalies().isEmpty()) {
      pods.keepLogs();
    }
    if (!result.anomalies().isEmpty()) {
      pods.leaveNames();
      terminal.say("Names are left where they are; a campaign of the same seed deletes them");
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException itRuns) {
      // Somebody stopped the campaign; the servers are closed by now.
    }
  }

  private void close(Subject subject) {
    try {
      subject.close();
    } catch (IOException failed) {
      terminal.say("Not everything could be ended as it should: " + failed.getMessage());
    }
  }
}
