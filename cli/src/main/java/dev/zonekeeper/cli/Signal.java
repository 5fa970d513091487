package dev.zonekeeper.cli;

import java.io.IOException;
import java.util.List;

/** The signals that {@code local kill} sends. */
enum Signal {
  /** Ends at once, without a chance to tidy up. */
  KILL,
  /** Freezes: the process keeps its connections and says nothing. */
  STOP,
  /** Goes on after STOP. */
  CONT,
  /** Asks to end in order. */
  TERM;

  /**
   * Sends the signal; a process that is gone already is no error. With the shell's own {@code
   * kill}: a small system, such as a container's, has no program of that name.
   */
  void send(long pid) throws IOException {
    try {
      new ProcessBuilder(List.of("/bin/sh", "-c", "kill -" + name() + " " + pid))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }
}
