package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.AgentFile;

/** One member at work. */
public final class Agent {
  private Agent() {}

  /** Runs the member until it is told to stop. */
  @SuppressWarnings("DoNotCallSuggester")
  public static void run(AgentFile file) {
    throw new UnsupportedOperationException("member " + file.member() + " cannot be run yet");
  }
}
