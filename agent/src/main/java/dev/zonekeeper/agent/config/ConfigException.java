package dev.zonekeeper.agent.config;

import java.nio.file.Path;

/** A configuration file says something that cannot be; the message is one line for a human. */
public final class ConfigException extends Exception {
  /**
   * Takes the line.
   *
   * @param message what was expected, what was found
   */
  public ConfigException(String message) {
    super(message);
  }

  static ConfigException at(Path file, String field, String message) {
    String where = field.isEmpty() ? "" : field + ": ";
    return new ConfigException(file + ": " + where + message);
  }
}
