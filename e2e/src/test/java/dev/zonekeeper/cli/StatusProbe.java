package dev.zonekeeper.cli;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What {@code local status --json} prints, read by the same code in this process: tests poll it
 * many times, and a JVM for each look would take the processor from the cluster that is looked at.
 */
public final class StatusProbe {
  private StatusProbe() {}

  /** The status of the cluster in a folder. */
  public static String json(Path dir) {
    try {
      return new StatusReader(new ClusterFolder(dir)).read().json().toString();
    } catch (IOException | CommandFailed e) {
      throw new AssertionError("no status of the cluster in " + dir + ": " + e.getMessage(), e);
    }
  }
}
