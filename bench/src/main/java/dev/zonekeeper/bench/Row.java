package dev.zonekeeper.bench;

import java.util.List;

/**
 * One line of the table.
 *
 * @param what was measured
 * @param ours Zonekeeper's number
 * @param bare BIND's own
 * @param compared ours against bare; empty where there is nothing to compare
 * @param limit what is to be reached; empty when there is no limit
 * @param notes lines to be printed below the table
 */
public record Row(
    String what,
    String ours,
    String bare,
    String compared,
    String limit,
    Verdict verdict,
    List<String> notes) {

  /** Keeps a copy. */
  public Row {
    notes = List.copyOf(notes);
  }
}
