package dev.zonekeeper.campaign.history;

import java.util.Set;
import java.util.TreeSet;

/** On what condition an update is done (RFC 2136 section 2.4). */
public sealed interface Prerequisite {
  /** None: it is always done. */
  record Always() implements Prerequisite {
    @Override
    public String toString() {
      return "";
    }
  }

  /** The RRset does not exist. */
  record Absent() implements Prerequisite {
    @Override
    public String toString() {
      return " if there is none";
    }
  }

  /** The RRset exists, whatever it holds. */
  record Present() implements Prerequisite {
    @Override
    public String toString() {
      return " if there is one";
    }
  }

  /**
   * The RRset holds these strings and no others.
   *
   * @param values at least one
   */
  record Exactly(Set<String> values) implements Prerequisite {
    public Exactly {
      values = Set.copyOf(values);
    }

    @Override
    public String toString() {
      return " if it is " + new TreeSet<>(values);
    }
  }

  /** Whether a register with this content meets it. */
  default boolean metBy(Set<String> content) {
    return switch (this) {
      case Always _ -> true;
      case Absent _ -> content.isEmpty();
      case Present _ -> !content.isEmpty();
      case Exactly exactly -> content.equals(exactly.values());
    };
  }
}
