package dev.zonekeeper.core;

import java.util.List;

/**
 * The result of one step.
 *
 * @param standing what the member is now
 * @param actions what it has to do, in this order
 */
public record Decision(Standing standing, List<Action> actions) {
  public Decision {
    actions = List.copyOf(actions);
  }
}
