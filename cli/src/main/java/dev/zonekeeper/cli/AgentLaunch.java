package dev.zonekeeper.cli;

import java.nio.file.Path;
import java.util.List;

/** How an agent is started: as another JVM with this one's classes. */
final class AgentLaunch {
  /**
   * Set by the launcher script: a file of {@code java} arguments, up to and with the main class.
   */
  static final String ARGUMENTS_PROPERTY = "zonekeeper.agentArguments";

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
        "-Xmx96m",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
  }
}
