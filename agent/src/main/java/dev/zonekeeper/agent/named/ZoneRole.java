package dev.zonekeeper.agent.named;

/** What a member's {@code named} is for its zones: all zones of a member have the same role. */
public enum ZoneRole {
  /** Takes updates: {@code type primary}. */
  PRIMARY,
  /** Follows the leader through the agent's upstream port: {@code type secondary}. */
  SECONDARY;

  /** As BIND calls it. */
  public String inWords() {
    return switch (this) {
      case PRIMARY -> "primary";
      case SECONDARY -> "secondary";
    };
  }
}
