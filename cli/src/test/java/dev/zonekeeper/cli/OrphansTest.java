package dev.zonekeeper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Children that nobody waits for, in a folder that looks like /proc. */
class OrphansTest {
  @TempDir Path proc;
  private Orphans orphans;

  @BeforeEach
  void theFirstProcess() throws IOException {
    orphans = new Orphans(proc, 1);
    process(1, "java", 'S', 0);
    Files.writeString(Files.createDirectory(proc.resolve("sys")).resolve("stat"), "no process");
  }

  @Test
  void aChildThatStaysEndedIsAnOrphan() throws Exception {
    process(7, "sleep", 'Z', 1);

    assertThat(orphans.unwaitedFor()).isEmpty();
    assertThat(orphans.unwaitedFor()).containsExactly(7L);
  }

  @Test
  void neitherIsAChildThatRunsNorAnothersThatEnded() throws Exception {
    process(7, "named", 'S', 1);
    process(8, "sleep", 'Z', 7);
    Files.createDirectory(proc.resolve("9"));

    assertThat(orphans.unwaitedFor()).isEmpty();
    assertThat(orphans.unwaitedFor()).isEmpty();
  }

  @Test
  void aNameCannotPretend() throws Exception {
    process(7, "a) Z 1 (b", 'S', 1);

    assertThat(orphans.unwaitedFor()).isEmpty();
    assertThat(orphans.unwaitedFor()).isEmpty();
  }

  @Test
  void whatIsNoChildOfOursIsNotWaitedFor() {
    assertThat(Orphans.reap(1)).isFalse();
  }

  private void process(int pid, String name, char state, int parent) throws IOException {
    Path folder = Files.createDirectories(proc.resolve(Integer.toString(pid)));
    Files.writeString(
        folder.resolve("stat"), "%d (%s) %c %d 1 1 0 -1".formatted(pid, name, state, parent));
  }
}
