package dev.zonekeeper.bench.load;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.xbill.DNS.Name;

/**
 * What clients were told, to be compared with what servers hold. A name has one writer, which waits
 * for an outcome before it writes the name again. Thread-safe.
 *
 * <p>After {@link Change.Kind#ADD} every acknowledged value must be there. After {@link
 * Change.Kind#REPLACE} the last acknowledged value must be there, or one whose outcome is unknown
 * or an error, because such an update may have been applied, then or later.
 */
public final class Ledger {
  private static final class Entry {
    final Set<String> required = new HashSet<>();
    final Set<String> possible = new HashSet<>();
    boolean rewritten;
  }

  private final Map<Name, Entry> entries = new HashMap<>();
  private long acknowledged;

  /** Takes one result. */
  public synchronized void record(Result result) {
    Change change = result.change();
    Entry entry = entries.computeIfAbsent(change.name(), name -> new Entry());
    entry.rewritten |= change.kind() == Change.Kind.REPLACE;
    if (!result.outcome().acknowledged()) {
      entry.possible.add(change.value());
      return;
    }
    acknowledged++;
    if (change.kind() == Change.Kind.REPLACE) {
      entry.required.clear();
    }
    entry.required.add(change.value());
  }

  /** How many updates were acknowledged. */
  public synchronized long acknowledged() {
    return acknowledged;
  }

  /**
   * What was acknowledged and is not there.
   *
   * @return name to missing value; empty when all is well
   */
  public synchronized Map<Name, String> missingAt(ZoneContent content) {
    Map<Name, String> missing = new TreeMap<>();
    entries.forEach((name, entry) -> {
      Set<String> held = content.texts(name);
      boolean replaced = entry.rewritten && held.stream().anyMatch(entry.possible::contains);
      for (String value : entry.required) {
        if (!held.contains(value) && !replaced) {
          missing.put(name, value);
        }
      }
    });
    return missing;
  }

  /**
   * Names whose text nobody wrote: a value that is neither acknowledged nor possible.
   *
   * @return name to value, of the names that are in this ledger
   */
  public synchronized Map<Name, String> unexplainedAt(ZoneContent content) {
    Map<Name, String> unexplained = new TreeMap<>();
    entries.forEach((name, entry) -> {
      for (String value : content.texts(name)) {
        if (!entry.required.contains(value) && !entry.possible.contains(value)) {
          unexplained.put(name, value);
        }
      }
    });
    return unexplained;
  }
}
