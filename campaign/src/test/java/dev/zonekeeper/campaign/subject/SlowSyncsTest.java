package dev.zonekeeper.campaign.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that syncs a file when it is told to, and then says so. */
class SlowSyncsTest {
  /** Its number on x86-64, and where Linux has one table of calls for all. */
  private static final String FDATASYNC = "(75|83)";

  private static final Duration FOREVER = Duration.ofHours(1);

  @TempDir private Path folder;
  private Process process;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    assumeTrue(SlowSyncs.arePossible(), "strace is not there, or may not be used");
    process =
        new ProcessBuilder("sh", "-c", "while read -r word; do sync -d file; echo \"$word\"; done")
            .directory(Files.createFile(folder.resolve("file")).getParent().toFile())
            .start();
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private void tell(String word) throws IOException {
    var writer = process.outputWriter();
    writer.write(word + "\n");
    writer.flush();
  }

  @Test
  void aSyncIsHeldBackUntilItEndsAndTheProcessIsNotHarmed() throws Exception {
    SlowSyncs slow = SlowSyncs.of(List.of(process.pid()), FOREVER).orElseThrow();
    tell("first");
    assertThat(awaitSync()).isTrue();
    assertThat(process.inputReader().ready()).isFalse();

    slow.end();

    assertThat(process.inputReader().readLine()).isEqualTo("first");
    tell("second");
    assertThat(process.inputReader().readLine()).isEqualTo("second");
  }

  /** Until the process has a child, which is the one that syncs, and hangs in it. */
  private boolean awaitSync() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() - deadline < 0) {
      Optional<ProcessHandle> child = process.children().findFirst();
      if (child.isPresent()) {
        Path call = Path.of("/proc", Long.toString(child.get().pid()), "syscall");
        String name = Files.readString(Path.of("/proc", "" + child.get().pid(), "comm")).strip();
        if (name.equals("sync") && Files.readString(call).matches(FDATASYNC + "(?s) .*")) {
          return true;
        }
      }
      Thread.sleep(10);
    }
    return false;
  }

  @Test
  void aProcessThatIsSlowIsNotMadeSlowTwice() throws Exception {
    SlowSyncs slow = SlowSyncs.of(List.of(process.pid()), FOREVER).orElseThrow();

    assertThat(SlowSyncs.of(List.of(process.pid()), FOREVER)).isEmpty();

    slow.end();
  }

  @Test
  void aProcessThatStandsStillCanBeLetGo() throws Exception {
    SlowSyncs slow = SlowSyncs.of(List.of(process.pid()), FOREVER).orElseThrow();
    Program.signal("STOP", process.pid());

    slow.end();
    Program.signal("CONT", process.pid());

    tell("again");
    assertThat(process.inputReader().readLine()).isEqualTo("again");
  }

  @Test
  void oneThatHasEndedMeanwhileIsNoError() throws Exception {
    SlowSyncs slow = SlowSyncs.of(List.of(process.pid()), FOREVER).orElseThrow();
    process.destroyForcibly().waitFor();

    slow.end();
  }

  @Test
  void whatDoesNotRunCannotBeSlow() throws Exception {
    process.destroyForcibly().waitFor();

    assertThat(SlowSyncs.of(List.of(), FOREVER)).isEmpty();
    assertThat(SlowSyncs.of(List.of(process.pid()), FOREVER)).isEmpty();
  }

  @Test
  void straceWantsMicroseconds() {
    assertThat(SlowSyncs.command(List.of(7L, 8L), Duration.ofMillis(150)))
        .contains("inject=fsync,fdatasync:delay_enter=150000")
        .endsWith("-p", "7", "-p", "8");
  }
}
