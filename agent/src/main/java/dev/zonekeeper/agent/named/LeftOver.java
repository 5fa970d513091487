package dev.zonekeeper.agent.named;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named that an agent started and did not live to end. It is found by its arguments: whatever
 * runs with {@code -f -c OUR-named.conf} is ours, and nothing else is. (Not by the pid file: named
 * writes it late, and a number in a file may have become another process.)
 */
final class LeftOver {
  private static final Logger LOG = LoggerFactory.getLogger(LeftOver.class);

  private LeftOver() {}

  /**
   * Ends every named of this configuration file: TERM, after a while KILL.
   *
   * @throws NamedFailure one would not go
   */
  static void end(Path namedConf, Duration gently) throws NamedFailure, InterruptedException {
    for (ProcessHandle process : find(namedConf)) {
      LOG.warn(
          "a named of an earlier agent is still running with {} (pid {}); ending it",
          namedConf,
          process.pid());
      process.destroy();
      if (!gone(process, gently)) {
        LOG.warn("named (pid {}) did not end within {}; killing it", process.pid(), gently);
        process.destroyForcibly();
        if (!gone(process, Duration.ofSeconds(5))) {
          throw new NamedFailure(
              "the left-over named (pid %d) of %s cannot be ended; end it by hand"
                  .formatted(process.pid(), namedConf));
        }
      }
    }
  }

  static List<ProcessHandle> find(Path namedConf) {
    return ProcessHandle.allProcesses()
        .filter(process -> isNamedOf(arguments(process.pid()), namedConf))
        .toList();
  }

  static boolean isNamedOf(List<String> arguments, Path namedConf) {
    int at = arguments.indexOf(namedConf.toString());
    return at >= 2 && arguments.get(at - 1).equals("-c") && arguments.get(at - 2).equals("-f");
  }

  /** Linux keeps them separated by zero bytes; a zombie has none. */
  private static List<String> arguments(long pid) {
    try {
      byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
      return Arrays.asList(new String(line, StandardCharsets.UTF_8).split("\0"));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean gone(ProcessHandle process, Duration within) throws InterruptedException {
    try {
      process.onExit().get(within.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return !process.isAlive();
    }
  }
}
