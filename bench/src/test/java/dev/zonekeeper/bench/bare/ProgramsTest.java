package dev.zonekeeper.bench.bare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
  @TempDir Path first;
  @TempDir Path second;

  @Test
  void theFirstFolderThatHasItAsAProgramCounts() throws Exception {
    file(first.resolve("knotd"), false);
    Path program = file(second.resolve("knotd"), true);
    Files.createDirectory(first.resolve("pdnsutil"));

    Programs programs = new Programs(List.of(first, second));

    assertThat(programs.find("knotd")).contains(program);
    assertThat(programs.missing(List.of("pdnsutil", "knotd", "named")))
        .containsExactly("pdnsutil", "named");
    assertThat(programs.command("knotd", "-c", "x")).containsExactly(program.toString(), "-c", "x");
    assertThatThrownBy(() -> programs.command("named")).hasMessageContaining("named");
  }

  @Test
  void administratorsFoldersAreSearchedLast() {
    assertThat(Programs.ofPath(first + File.pathSeparator + File.pathSeparator + second).folders())
        .containsExactly(first, second, Path.of("/usr/sbin"), Path.of("/usr/local/sbin"));
    assertThat(Programs.ofPath(null).folders()).hasSize(2);
  }

  private static Path file(Path path, boolean executable) throws IOException {
    Files.createFile(path);
    assertThat(path.toFile().setExecutable(executable)).isTrue();
    return path;
  }
}
