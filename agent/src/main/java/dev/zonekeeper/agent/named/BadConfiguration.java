package dev.zonekeeper.agent.named;

import java.util.List;

/**
 * {@code named-checkconf}, or named itself, refused a configuration; named goes on with the one it
 * had.
 */
public class BadConfiguration extends Exception {
  private final List<String> lines;

  public BadConfiguration(String message, List<String> lines) {
    super(lines.isEmpty() ? message : message + ": " + String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  /** What BIND said, line by line. */
  public List<String> lines() {
    return lines;
  }
}
