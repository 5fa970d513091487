package dev.zonekeeper.campaign;

import dev.zonekeeper.campaign.check.Anomaly;
import dev.zonekeeper.campaign.check.HistoryCheck;
import dev.zonekeeper.campaign.check.SerialWatch;
import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.fault.Scheduler;
import dev.zonekeeper.campaign.fault.Subject;
import dev.zonekeeper.campaign.history.History;
import dev.zonekeeper.campaign.history.Outcome;
import dev.zonekeeper.campaign.load.Clients;
import dev.zonekeeper.campaign.report.Report;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** One campaign against servers that are up. */
public final class Campaign {
  private static final Duration QUIET_BEFORE = Duration.ofSeconds(2);
  private static final Duration QUIET_AFTER = Duration.ofSeconds(2);
  private static final int REPAIRS = 5;
  private static final Duration PROGRESS = Duration.ofSeconds(10);

  private final Subject subject;
  private final CampaignSettings settings;
  private final Consumer<String> progress;
  private final History history = new History();
  private final SerialWatch serials = new SerialWatch();
  private final List<Anomaly> anomalies = new ArrayList<>();
  private final Instant begun = Instant.now();
  private final long originNanos = System.nanoTime();
  private final Scheduler scheduler;

  /**
   * A campaign.
   *
   * @param progress is told what is going on, a line at a time
   */
  public Campaign(Subject subject, CampaignSettings settings, Consumer<String> progress) {
    this.subject = subject;
    this.settings = settings;
    this.progress = progress;
    List<FaultKind> kinds = settings.kinds().stream().filter(subject::knows).toList();
    this.scheduler = new Scheduler(subject, kinds, settings.seed(), this::say);
  }

  /** Runs it to its end. */
  public Report run() throws InterruptedException {
    Clients clients = new Clients(subject, history, serials, settings.seed(), originNanos);
    Thread counts = Thread.ofVirtual().start(this::tell);
    try {
      Thread.sleep(QUIET_BEFORE);
      scheduler.run(System.nanoTime() + settings.duration().toNanos());
      Thread.sleep(QUIET_AFTER);
    } finally {
      counts.interrupt();
      clients.end();
    }
    long endNanos = System.nanoTime();
    say("looking at the end");
    lookAtEnd();
    say("judging %,d names".formatted(history.registers().size()));
    HistoryCheck check = HistoryCheck.of(history, originNanos);
    anomalies.addAll(check.anomalies());
    anomalies.addAll(serials.anomalies());
    return new Report(
        subject.inWords(),
        settings.duration(),
        settings.seed(),
        begun,
        originNanos,
        endNanos,
        scheduler.done(),
        history.writes(),
        history.reads(),
        history.registers().size(),
        history.acknowledgedAt(),
        check.late().size(),
        anomalies);
  }

  private void lookAtEnd() throws InterruptedException {
    FinalLook look = new FinalLook(subject, history);
    try {
      repair();
      subject.show(look);
    } catch (IOException failed) {
      anomalies.add(new Anomaly("the end", failed.getMessage(), List.of()));
    }
    anomalies.addAll(look.anomalies());
  }

  /** What is down is started; what a fault has left may need a second try. */
  private void repair() throws IOException, InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        subject.repair();
        return;
      } catch (IOException failed) {
        if (tries == REPAIRS) {
          throw failed;
        }
        say("not repaired yet: " + failed.getMessage());
        Thread.sleep(QUIET_AFTER);
      }
    }
  }

  private void tell() {
    try {
      while (true) {
        Thread.sleep(PROGRESS);
        Map<Outcome, Long> writes = history.writes();
        say(
            "%,d acknowledged, %,d unknown, %d faults"
                .formatted(
                    writes.get(Outcome.ACKNOWLEDGED),
                    writes.get(Outcome.UNKNOWN),
                    scheduler.done().size()));
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(String what) {
    progress.accept(
        String.format(Locale.ROOT, "%7.1f s  %s", (System.nanoTime() - originNanos) / 1e9, what));
  }
}
