package dev.zonekeeper.core.simulation;

import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.core.simulation.ZoneCopy.Change;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * BIND as far as it matters here. An update and an incremental transfer are on disk before they are
 * served. A full transfer is served from memory, the journal is gone, and the file is dumped later.
 */
final class Named {

  /** The answer to a transfer request. */
  sealed interface Transfer {
    record Incremental(List<Change> changes) implements Transfer {}

    record Full(ZoneCopy copy) implements Transfer {}
  }

  private final Clockwork clock;
  private final Checker checker;
  private final Disk disk;
  private final Map<String, ZoneCopy> served = new HashMap<>();

  /** The serials of what is served, by zone in order. Replaced, never changed. */
  private SortedMap<String, ZoneSerial> serials;

  boolean primary;

  Named(Clockwork clock, Checker checker, Disk disk) {
    this.clock = clock;
    this.checker = checker;
    this.disk = disk;
    disk.zones.forEach((zone, file) -> served.put(zone, file.durable));
    serials = serialsNow();
  }

  ZoneCopy served(String zone) {
    return served.get(zone);
  }

  Map<String, ZoneSerial> serials() {
    return serials;
  }

  private SortedMap<String, ZoneSerial> serialsNow() {
    SortedMap<String, ZoneSerial> now = new TreeMap<>();
    served.forEach((zone, copy) -> now.put(zone, copy.serial()));
    return Collections.unmodifiableSortedMap(now);
  }

  /**
   * An update, or a raise of the serial when {@code update} is empty.
   *
   * @return false: the journal cannot be written, and nothing has changed
   */
  boolean apply(String zone, ZoneSerial to, Optional<Integer> update) {
    BitSet added = new BitSet();
    update.ifPresent(added::set);
    return apply(zone, List.of(new Change(served(zone).serial(), to, added)));
  }

  /**
   * Changes that follow each other.
   *
   * @return false: the journal cannot be written, or they do not begin at the serial that is served
   */
  boolean apply(String zone, List<Change> changes) {
    if (disk.full || !changes.getFirst().from().equals(served(zone).serial())) {
      return false;
    }
    Disk.ZoneFile file = disk.zones.get(zone);
    for (Change change : changes) {
      serve(zone, served(zone).with(change));
      file.journal.add(change);
    }
    file.durable = served(zone);
    if (clock.maybe(0.02)) {
      file.dumped = file.durable;
    }
    if (clock.maybe(0.01)) {
      forgetJournal(zone);
    }
    return true;
  }

  /** max-journal-size: the older half goes. */
  void forgetJournal(String zone) {
    List<Change> journal = disk.zones.get(zone).journal;
    journal.subList(0, (journal.size() + 1) / 2).clear();
  }

  /**
   * What it answers to an IXFR from that serial; empty: nothing newer. Who is ahead of the epoch
   * has what its leader never had, and is told to transfer all.
   */
  Optional<Transfer> transfer(String zone, ZoneSerial from, long epoch, boolean condensed) {
    ZoneCopy here = served(zone);
    boolean absent = from.value() == 0;
    boolean isAhead = here.serial().isOf(epoch) && !from.isOf(epoch) && from.isAfter(here.serial());
    if (isAhead) {
      return Optional.of(new Transfer.Full(here));
    }
    if (here.isNothing() || (!absent && !here.serial().isAfter(from))) {
      return Optional.empty();
    }
    List<Change> journal = disk.zones.get(zone).journal;
    for (int i = 0; !absent && i < journal.size(); i++) {
      if (journal.get(i).from().equals(from)) {
        List<Change> changes = List.copyOf(journal.subList(i, journal.size()));
        return Optional.of(
            new Transfer.Incremental(condensed ? List.of(condense(changes)) : changes));
      }
    }
    return Optional.of(new Transfer.Full(here));
  }

  private static Change condense(List<Change> changes) {
    BitSet added = new BitSet();
    changes.forEach(c -> added.or(c.added()));
    return new Change(changes.getFirst().from(), changes.getLast().to(), added);
  }

  /** A full transfer has arrived: served, but what is on disk is older, or nothing. */
  void replace(String zone, ZoneCopy copy) {
    Disk.ZoneFile file = disk.zones.get(zone);
    serve(zone, copy);
    file.journal.clear();
    if (clock.maybe(0.5)) {
      file.dumped = ZoneCopy.NOTHING;
    }
    file.durable = file.dumped;
  }

  /** rndc sync; false: the file cannot be written. */
  boolean sync(String zone) {
    if (disk.full) {
      return false;
    }
    Disk.ZoneFile file = disk.zones.get(zone);
    file.durable = served(zone);
    file.dumped = file.durable;
    return true;
  }

  private void serve(String zone, ZoneCopy copy) {
    served.put(zone, copy);
    serials = serialsNow();
    checker.serves(zone, copy);
  }
}
