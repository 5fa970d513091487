package dev.zonekeeper.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How an agent is started: as another JVM with this one's classes. */
final class AgentLaunch {
  /**
   * Set by the launcher script: a file of {@code java} arguments, up to and with the main class.
   */
  static final String ARGUMENTS_PROPERTY = "zonekeeper.agentArguments";

  private static final int LEAST_HEAP_MIB = 96;

  /** Measured: what a leader keeps of a zone and four members, with room for its collector. */
  private static final int ZONES_PER_MIB = 64;

  private AgentLaunch() {}

  static List<String> command() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String arguments = System.getProperty(ARGUMENTS_PROPERTY);
    if (arguments != null) {
      return List.of(java, "@" + arguments);
    }
    return List.of(
        java,
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
  }

  /** The command for an agent of a cluster with so many zones. */
  static List<String> withHeapFor(List<String> command, int zones) {
    List<String> all = new ArrayList<>(command);
    all.add(1, "-Xmx" + (LEAST_HEAP_MIB + zones / ZONES_PER_MIB) + "m");
    return all;
  }
}
