package dev.zonekeeper.campaign.history;

import java.util.Set;
import java.util.TreeSet;

/** What a client asked for. */
public sealed interface Action {
  /** An update of one register. */
  record Write(Prerequisite prerequisite, Change change) implements Action {
    @Override
    public String toString() {
      return change + prerequisite.toString();
    }
  }

  /**
   * A query that was answered.
   *
   * @param seen the strings in the answer; empty when there is no such RRset
   * @param age what may be shown
   */
  record Read(Set<String> seen, Age age) implements Action {
    public Read {
      seen = Set.copyOf(seen);
    }

    @Override
    public String toString() {
      return "reads " + new TreeSet<>(seen);
    }
  }

  /** How old the content may be that a query is answered with. */
  enum Age {
    /** What the register held at some moment between question and answer. */
    CURRENT,
    /**
     * What it held at any moment before the answer, but nothing older than what the same server has
     * shown before.
     */
    PAST,
    /**
     * Of a primary member: like {@link #PAST}, since a leader that does not know yet that it is
     * deposed answers from what it has; like {@link #CURRENT} as long as there was none.
     */
    LEADER
  }
}
