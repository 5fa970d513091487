package dev.zonekeeper.campaign.subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Processes whose every {@code fsync} and {@code fdatasync} comes late, as on a slow disk: strace
 * holds the calls back. Other threads of the process go on, though each of their system calls takes
 * some microseconds longer while strace looks on. If strace is killed, the kernel lets go of them.
 */
final class SlowSyncs {
  private static final String CALLS = "fsync,fdatasync";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private final Process strace;

  private SlowSyncs(Process strace) {
    this.strace = strace;
  }

  /** Whether strace is there, and may look at processes that it has not started. */
  static boolean arePossible() throws InterruptedException {
    Process probe = null;
    try {
      probe = start(List.of("sleep", "60"));
      Optional<SlowSyncs> slow = of(List.of(probe.pid()), Duration.ofMillis(1));
      if (slow.isPresent()) {
        slow.get().end();
      }
      return slow.isPresent();
    } catch (IOException neitherThereNorAllowed) {
      return false;
    } finally {
      if (probe != null) {
        probe.destroyForcibly();
      }
    }
  }

  /**
   * Begins; from now on each sync takes that much longer.
   *
   * @return empty if none of the processes runs, or another traces one of them
   * @throws IOException strace cannot be started, or not attached to them
   */
  static Optional<SlowSyncs> of(List<Long> pids, Duration delay)
      throws IOException, InterruptedException {
    if (pids.isEmpty() || pids.stream().anyMatch(SlowSyncs::isTraced)) {
      return Optional.empty();
    }
    SlowSyncs slow = new SlowSyncs(start(command(pids, delay)));
    try {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!pids.stream().allMatch(pid -> isTraced(pid) || !runs(pid))) {
        if (!slow.strace.isAlive() || System.nanoTime() - deadline > 0) {
          throw new IOException("strace could not be attached to " + pids);
        }
        Thread.sleep(LOOK_AGAIN);
      }
      if (pids.stream().anyMatch(SlowSyncs::isTraced)) {
        return Optional.of(slow);
      }
      slow.end();
      return Optional.empty();
    } catch (IOException | InterruptedException e) {
      slow.strace.destroyForcibly();
      throw e;
    }
  }

  /** The command; strace wants the delay in microseconds. */
  static List<String> command(List<Long> pids, Duration delay) {
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", "/dev/null"));
    command.addAll(List.of("-e", "trace=" + CALLS));
    command.addAll(
        List.of("-e", "inject=%s:delay_enter=%d".formatted(CALLS, delay.toNanos() / 1000)));
    pids.forEach(pid -> command.addAll(List.of("-p", Long.toString(pid))));
    return command;
  }

  /**
   * Ends it. What is held back is let go at once.
   *
   * @throws IOException strace did not end by itself, and was killed
   */
  void end() throws IOException, InterruptedException {
    strace.destroy();
    if (!strace.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      strace.destroyForcibly().waitFor();
      throw new IOException("strace did not end within " + PATIENCE);
    }
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectInput(new java.io.File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static boolean runs(long pid) {
    return Files.exists(Path.of("/proc", Long.toString(pid)));
  }

  private static boolean isTraced(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .anyMatch(line -> line.startsWith("TracerPid:") && !line.endsWith("\t0"));
    } catch (IOException gone) {
      return false;
    }
  }
}
