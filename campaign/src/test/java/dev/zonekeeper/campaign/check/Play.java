package dev.zonekeeper.campaign.check;

import dev.zonekeeper.campaign.history.Action;
import dev.zonekeeper.campaign.history.Action.Age;
import dev.zonekeeper.campaign.history.Change;
import dev.zonekeeper.campaign.history.Operation;
import dev.zonekeeper.campaign.history.Outcome;
import dev.zonekeeper.campaign.history.Prerequisite;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A history of one register, written down as a play: who does what from when to when. */
final class Play {
  private static final int STEPS = 100_000;
  private final List<Operation> operations = new ArrayList<>();

  Play acknowledged(int start, int end, Change change) {
    return write(start, end, new Prerequisite.Always(), change, Outcome.ACKNOWLEDGED);
  }

  Play unknown(int start, int end, Change change) {
    return write(start, end, new Prerequisite.Always(), change, Outcome.UNKNOWN);
  }

  Play write(int start, int end, Prerequisite when, Change change, Outcome outcome) {
    String client = "w" + operations.size();
    operations.add(
        new Operation(client, "p0", start, end, new Action.Write(when, change), outcome, ""));
    return this;
  }

  /** A read that must be current. */
  Play current(int start, int end, String... seen) {
    return read("c" + operations.size(), "p0", start, end, Age.CURRENT, seen);
  }

  /** A read at the one secondary, by its one reader. */
  Play secondary(int start, int end, String... seen) {
    return read("r", "s0", start, end, Age.PAST, seen);
  }

  Play read(String client, String server, int start, int end, Age age, String... seen) {
    operations.add(
        new Operation(
            client,
            server,
            start,
            end,
            new Action.Read(Set.of(seen), age),
            Outcome.ACKNOWLEDGED,
            ""));
    return this;
  }

  List<Operation> operations() {
    return List.copyOf(operations);
  }

  Explanation explained() {
    return RegisterSearch.explain(operations, false, STEPS);
  }

  boolean possible() {
    return explained() instanceof Explanation.Found;
  }

  boolean possibleWithCurrentLeader() {
    return RegisterSearch.explain(operations, true, STEPS) instanceof Explanation.Found;
  }
}
