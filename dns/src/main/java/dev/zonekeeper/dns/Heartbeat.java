package dev.zonekeeper.dns;

import java.util.Map;

/**
 * A CHAOS-class TXT query for {@code leader.zonekeeper.}: how is the other one, and whom does it
 * follow? The answer is a map of facts, too, as TXT strings {@code key=value}.
 *
 * @param facts what the sender says of itself; the keys are the agents' affair
 */
public record Heartbeat(Sender from, Map<String, String> facts) implements PeerMessage {
  public Heartbeat {
    facts = Map.copyOf(facts);
  }
}
