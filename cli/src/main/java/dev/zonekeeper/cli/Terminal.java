package dev.zonekeeper.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * What a command finds around it.
 *
 * @param out results
 * @param err progress and errors
 * @param stateFolder where a cluster lives when no {@code --dir} is given
 * @param agentCommand how an agent process is started: a program and its arguments, to which {@code
 *     agent --config FILE} is added
 * @param clock for deadlines
 */
record Terminal(
    PrintStream out,
    PrintStream err,
    Path stateFolder,
    List<String> agentCommand,
    InstantSource clock) {
  /** Says what is going on. */
  void say(String sentence) {
    err.println(sentence);
  }
}
