package dev.zonekeeper.agent.commit;

import dev.zonekeeper.dns.Delta;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The last changes of a zone, each beginning where the one before ends, so that members that are a
 * little behind can be sent what they lack. Bounded by the number of records in it.
 */
public final class DeltaLog {
  private static final int MAX_RECORDS = 20_000;
  private static final int MAX_DELTAS = 64;

  private final ArrayDeque<Delta> deltas = new ArrayDeque<>();
  private int records;

  /** Adds what comes next; a gap forgets all before. */
  public void append(Delta delta) {
    if (!deltas.isEmpty() && serialOfEnd() != delta.from().getSerial()) {
      clear();
    }
    deltas.addLast(delta);
    records += size(delta);
    while (deltas.size() > MAX_DELTAS || (records > MAX_RECORDS && deltas.size() > 1)) {
      records -= size(deltas.removeFirst());
    }
  }

  /** Forgets all. */
  public void clear() {
    deltas.clear();
    records = 0;
  }

  /** What leads from one serial to the other in one step, if it is all still here. */
  public Optional<Delta> between(long from, long to) {
    List<Delta> chain = new ArrayList<>();
    for (Delta delta : deltas) {
      if (!chain.isEmpty() || delta.from().getSerial() == from) {
        chain.add(delta);
        if (delta.to().getSerial() == to) {
          return Optional.of(chain.size() == 1 ? delta : Delta.condense(chain));
        }
      }
    }
    return Optional.empty();
  }

  /** The last change, for a member of which nothing is known. */
  public Optional<Delta> endingAt(long to) {
    return deltas.isEmpty() || serialOfEnd() != to
        ? Optional.empty()
        : Optional.of(deltas.getLast());
  }

  private long serialOfEnd() {
    return deltas.getLast().to().getSerial();
  }

  private static int size(Delta delta) {
    return delta.removed().size() + delta.added().size() + 2;
  }
}
