package dev.zonekeeper.agent.commit;

import dev.zonekeeper.dns.Delta;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last changes of a zone, in whatever order they came, so that members that are a little behind
 * can be sent what they lack. Of two that begin at the same serial the later one counts. Bounded by
 * the number of records in it.
 */
public final class DeltaLog {
  private static final int MAX_RECORDS = 20_000;
  private static final int MAX_DELTAS = 64;

  /** By the serial they begin at, the oldest first. */
  private final Map<Long, Delta> deltas = new LinkedHashMap<>();

  private Optional<Delta> last = Optional.empty();
  private int records;

  /** Adds a change, and forgets the oldest ones when there are too many. */
  public void add(Delta delta) {
    Delta replaced = deltas.remove(delta.from().getSerial());
    deltas.put(delta.from().getSerial(), delta);
    records += size(delta) - (replaced == null ? 0 : size(replaced));
    last = Optional.of(delta);
    Iterator<Delta> oldest = deltas.values().iterator();
    while (deltas.size() > MAX_DELTAS || (records > MAX_RECORDS && deltas.size() > 1)) {
      records -= size(oldest.next());
      oldest.remove();
    }
  }

  /** Forgets all. */
  public void clear() {
    deltas.clear();
    last = Optional.empty();
    records = 0;
  }

  /** What leads from one serial to the other, step by step; empty if it is not all here. */
  public List<Delta> between(long from, long to) {
    List<Delta> chain = new ArrayList<>();
    Delta next = deltas.get(from);
    while (next != null && chain.size() < deltas.size()) {
      chain.add(next);
      if (next.to().getSerial() == to) {
        return chain;
      }
      next = deltas.get(next.to().getSerial());
    }
    return List.of();
  }

  /** The last change, for a member of which nothing is known; empty if it ends elsewhere. */
  public List<Delta> endingAt(long to) {
    return last.filter(delta -> delta.to().getSerial() == to).stream().toList();
  }

  private static int size(Delta delta) {
    return delta.removed().size() + delta.added().size() + 2;
  }
}
