package dev.zonekeeper.campaign;

import dev.zonekeeper.campaign.check.Anomaly;
import dev.zonekeeper.campaign.fault.Subject;
import dev.zonekeeper.campaign.history.Action;
import dev.zonekeeper.campaign.history.Action.Age;
import dev.zonekeeper.campaign.history.History;
import dev.zonekeeper.campaign.history.Operation;
import dev.zonekeeper.campaign.history.Outcome;
import dev.zonekeeper.campaign.history.Register;
import dev.zonekeeper.campaign.load.Branch;
import dev.zonekeeper.campaign.load.Server;
import dev.zonekeeper.campaign.load.ZoneContent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks at every branch at every server when all clients have ended. What is there goes into the
 * history, as reads that must be current.
 */
final class FinalLook implements Subject.Look {
  private static final Duration AGREE = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Subject subject;
  private final History history;
  private final Set<Register> known;
  private final Map<Branch, ZoneContent> seenBefore = new HashMap<>();
  private final List<Anomaly> anomalies = new ArrayList<>();

  FinalLook(Subject subject, History history) {
    this.subject = subject;
    this.history = history;
    this.known = Set.copyOf(history.registers());
  }

  List<Anomaly> anomalies() {
    return List.copyOf(anomalies);
  }

  @Override
  public void at(Server server) throws IOException, InterruptedException {
    for (Branch branch : subject.branches()) {
      long start = System.nanoTime();
      ZoneContent content = content(server, branch);
      long end = System.nanoTime();
      for (Register register : content.content().keySet()) {
        if (!known.contains(register)) {
          anomalies.add(
              new Anomaly(
                  register.toString(),
                  "it is at " + server.name() + ", and nobody wrote it",
                  List.of()));
        }
      }
      for (Register register : known) {
        if (branch.holds(register.name())) {
          Set<String> seen = content.content().getOrDefault(register, Set.of());
          history.add(
              register,
              new Operation(
                  "end",
                  server.name(),
                  start,
                  end,
                  new Action.Read(seen, Age.CURRENT),
                  Outcome.ACKNOWLEDGED,
                  "AXFR"));
        }
      }
      seenBefore.put(branch, content);
    }
  }

  /** A secondary gets some time to catch up with who was looked at before it. */
  private ZoneContent content(Server server, Branch branch)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + AGREE.toNanos();
    while (true) {
      try {
        ZoneContent content = ZoneContent.of(server, branch, subject.keys().getFirst());
        ZoneContent before = seenBefore.get(branch);
        if (before == null
            || (int) (content.serial() - before.serial()) >= 0
            || System.nanoTime() - deadline > 0) {
          return content;
        }
      } catch (IOException notYet) {
        if (System.nanoTime() - deadline > 0) {
          throw notYet;
        }
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }
}
