package dev.zonekeeper.campaign.check;

import dev.zonekeeper.campaign.history.Operation;
import java.util.List;

/** Whether there is an order of a register's operations that explains what was seen. */
public sealed interface Explanation {
  /** There is one. */
  record Found() implements Explanation {}

  /**
   * There is none.
   *
   * @param content what the register holds where the search came furthest, for people
   * @param stuck the operations of which one had to come next there and none could
   */
  record None(String content, List<Operation> stuck) implements Explanation {
    public None {
      stuck = List.copyOf(stuck);
    }
  }

  /**
   * The search was given up.
   *
   * @param steps how many were tried
   */
  record GivenUp(int steps) implements Explanation {}
}
