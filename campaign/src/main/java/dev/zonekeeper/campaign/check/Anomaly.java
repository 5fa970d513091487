package dev.zonekeeper.campaign.check;

import java.util.List;

/**
 * Something that should not have been seen.
 *
 * @param where a name, a member or a zone
 * @param what in a sentence
 * @param evidence lines for people: the operations it was seen in
 */
public record Anomaly(String where, String what, List<String> evidence) {
  public Anomaly {
    evidence = List.copyOf(evidence);
  }
}
