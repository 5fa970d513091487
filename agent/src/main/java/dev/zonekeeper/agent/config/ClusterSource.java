package dev.zonekeeper.agent.config;

import java.util.function.Consumer;

/** Where a member learns what its cluster shall be, and where the others are. */
public interface ClusterSource {

  /** The last good content: another object whenever it, or a key file that it names, changes. */
  ClusterFile current();

  /** Follows it until interrupted; each good new content is handed over. */
  void run(Consumer<ClusterFile> onChange) throws InterruptedException;
}
