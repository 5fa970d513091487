package dev.zonekeeper.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One line of the table.
 *
 * @param what was measured
 * @param ours Zonekeeper's number
 * @param bare BIND's own
 * @param peers other name servers' numbers, by their names; empty where they are not measured
 * @param compared ours against bare; empty where there is nothing to compare
 * @param limit what is to be reached; empty when there is no limit
 * @param notes lines to be printed below the table
 */
public record Row(
    String what,
    String ours,
    String bare,
    Map<String, String> peers,
    String compared,
    String limit,
    Verdict verdict,
    List<String> notes) {

  /** Keeps copies. */
  public Row {
    peers = Collections.unmodifiableMap(new LinkedHashMap<>(peers));
    notes = List.copyOf(notes);
  }

  /** Where only bare BIND is measured, too. */
  public Row(
      String what,
      String ours,
      String bare,
      String compared,
      String limit,
      Verdict verdict,
      List<String> notes) {
    this(what, ours, bare, Map.of(), compared, limit, verdict, notes);
  }

  /** The same with more notes. */
  Row with(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new Row(what, ours, bare, peers, compared, limit, verdict, all);
  }
}
