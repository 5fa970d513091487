package dev.zonekeeper.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a container's first process owes the others: it inherits the children of those that have
 * ended, such as of a shell that somebody ran in the pod, and must wait for them when they end, or
 * they stay in the table of processes. Java waits for those that it started and for no others.
 */
final class Orphans {
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final int WNOHANG = 1;

  private final Path proc;
  private final long self;
  private Set<Long> endedBefore = Set.of();

  Orphans(Path proc, long self) {
    this.proc = proc;
    this.self = self;
  }

  /**
   * Begins to wait for orphans if this is the first process of its namespace, as in a container.
   */
  static void waitForIfFirst() {
    if (ProcessHandle.current().pid() == 1) {
      Thread.ofVirtual().name("orphans").start(new Orphans(Path.of("/proc"), 1)::run);
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(EVERY);
        for (long pid : unwaitedFor()) {
          LOG.debug("waited for process {}, an orphan: {}", pid, reap(pid));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("orphans are not waited for any more: {}", e.getMessage());
    }
  }

  /**
   * The children that had ended at the last look already. Java waits at once for what it started,
   * so these are orphans.
   */
  Set<Long> unwaitedFor() throws IOException {
    Set<Long> ended = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[1-9]*")) {
      for (Path process : processes) {
        if (isEndedChild(process)) {
          ended.add(Long.valueOf(process.getFileName().toString()));
        }
      }
    }
    Set<Long> still = new HashSet<>(ended);
    still.retainAll(endedBefore);
    endedBefore = ended;
    return still;
  }

  /**
   * By proc_pid_stat(5): the name is in parentheses and may hold anything; state and parent follow.
   */
  private boolean isEndedChild(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", 3);
      return fields[0].equals("Z") && Long.parseLong(fields[1]) == self;
    } catch (IOException gone) {
      return false;
    }
  }

  /** waitpid(2), without waiting. Returns whether there was something to wait for. */
  @SuppressWarnings("restricted")
  static boolean reap(long pid) {
    Linker linker = Linker.nativeLinker();
    MethodHandle waitpid =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("waitpid"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
      return (int) waitpid.invokeExact(Math.toIntExact(pid), status, WNOHANG) == pid;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("waitpid cannot be called", e);
    }
  }
}
