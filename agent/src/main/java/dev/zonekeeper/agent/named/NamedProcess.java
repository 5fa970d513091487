package dev.zonekeeper.agent.named;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of named: the child process, its lines, its end. */
final class NamedProcess {
  private static final int WORDS_KEPT = 6;
  private static final Logger LOG = LoggerFactory.getLogger(NamedProcess.class);

  private final Process process;
  private final Optional<String> confinement;
  private final Thread reader;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final CompletableFuture<ExitReason> exit = new CompletableFuture<>();
  private final CompletableFuture<String> portTaken = new CompletableFuture<>();
  private final Deque<String> troubles = new ArrayDeque<>();
  private final Deque<String> anything = new ArrayDeque<>();

  private NamedProcess(Process process, NamedLog log) {
    this.process = process;
    this.confinement = Confinement.profile(Path.of("/proc"), process.pid());
    this.reader =
        Thread.ofPlatform()
            .daemon()
            .name("named-log-" + process.pid())
            .start(() -> read(process.inputReader(StandardCharsets.UTF_8), log));
    Thread.ofVirtual().name("named-exit-" + process.pid()).start(this::awaitExit);
  }

  /**
   * Starts named in the foreground. Until it has read its configuration it logs to where {@code -L}
   * says, afterwards to the channel of the configuration: both are its standard error, our pipe.
   */
  static NamedProcess launch(NamedSettings settings, NamedLog log) throws IOException {
    Process process =
        new ProcessBuilder(
                settings.named().toString(),
                "-f",
                "-c",
                settings.namedConf().toString(),
                "-L",
                "/dev/stderr")
            .directory(settings.workDir().toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    return new NamedProcess(process, log);
  }

  private void read(BufferedReader lines, NamedLog log) {
    try (lines) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line, log);
      }
    } catch (IOException e) {
      LOG.debug("named's log has ended: {}", e.getMessage());
    }
  }

  /** Must go on whatever happens: a pipe that nobody empties stops named when it is full. */
  private void take(String line, NamedLog log) {
    try {
      remember(NamedLog.parse(line));
      log.accept(line);
    } catch (RuntimeException e) {
      LOG.error("a listener to named's log failed at '{}'", line, e);
    }
  }

  private void remember(NamedLog.Line line) {
    synchronized (troubles) {
      keep(anything, line.text());
      if (line.severity().compareTo(NamedLog.Severity.WARNING) <= 0) {
        keep(troubles, line.text());
        if (line.text().contains("address in use")
            || line.text().contains("couldn't add command channel")) {
          portTaken.complete(line.text());
        }
      }
    }
  }

  private static void keep(Deque<String> words, String text) {
    words.addLast(text);
    if (words.size() > WORDS_KEPT) {
      words.removeFirst();
    }
  }

  private void awaitExit() {
    try {
      int code = process.waitFor();
      reader.join(Duration.ofMillis(500));
      exit.complete(new ExitReason(process.pid(), code, asked.get(), lastWords()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its last warnings and errors; if it had none, its last lines. */
  List<String> lastWords() {
    synchronized (troubles) {
      return List.copyOf(troubles.isEmpty() ? anything : troubles);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** The AppArmor profile it runs under, if any. */
  Optional<String> confinement() {
    return confinement;
  }

  /** Completed as soon as the process has ended and its last line is read. */
  CompletableFuture<ExitReason> exit() {
    return exit;
  }

  /** Completed when named says that it could not have one of its ports; it runs on without. */
  CompletableFuture<String> portTaken() {
    return portTaken;
  }

  /** Whether somebody is ending it. */
  boolean isAsked() {
    return asked.get();
  }

  /** From now on its end is no surprise. */
  void expectExit() {
    asked.set(true);
  }

  void terminate() {
    process.destroy();
  }

  void kill() {
    process.destroyForcibly();
  }

  boolean awaitExit(Duration within) throws InterruptedException {
    return process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS);
  }
}
