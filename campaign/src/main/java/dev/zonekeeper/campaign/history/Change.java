package dev.zonekeeper.campaign.history;

import java.util.Set;
import java.util.TreeSet;

/** What an update does to a register (RFC 2136 section 2.5). */
public sealed interface Change {
  /** Adds one string to the RRset. */
  record Add(String value) implements Change {
    @Override
    public String toString() {
      return "adds " + value;
    }
  }

  /** Deletes one string of the RRset; nothing happens when it is not there. */
  record Delete(String value) implements Change {
    @Override
    public String toString() {
      return "deletes " + value;
    }
  }

  /** Deletes the RRset. */
  record Clear() implements Change {
    @Override
    public String toString() {
      return "deletes all";
    }
  }

  /** Deletes the RRset and adds one string, in one update. */
  record Replace(String value) implements Change {
    @Override
    public String toString() {
      return "replaces all by " + value;
    }
  }

  /**
   * The content after the change.
   *
   * @param content what the register holds before; left as it is
   */
  default Set<String> appliedTo(Set<String> content) {
    return switch (this) {
      case Add add -> with(content, add.value());
      case Delete delete -> without(content, delete.value());
      case Clear _ -> Set.of();
      case Replace replace -> Set.of(replace.value());
    };
  }

  private static Set<String> with(Set<String> content, String value) {
    Set<String> after = new TreeSet<>(content);
    after.add(value);
    return Set.copyOf(after);
  }

  private static Set<String> without(Set<String> content, String value) {
    Set<String> after = new TreeSet<>(content);
    after.remove(value);
    return Set.copyOf(after);
  }
}
