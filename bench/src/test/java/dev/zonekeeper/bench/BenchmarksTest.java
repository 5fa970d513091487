package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BenchmarksTest {
  private static final Pattern ROW = Pattern.compile("\\| `([a-z]+)` \\|.*");

  @Test
  void thePageDescribesEachRowOnce() throws Exception {
    List<String> page = Files.readAllLines(Path.of("../docs/benchmarks.md"));
    int first = page.indexOf("| row | what is measured | beside |");
    assertThat(first).isNotNegative();

    List<String> described =
        page.stream()
            .skip(first + 2)
            .takeWhile(line -> line.startsWith("|"))
            .map(ROW::matcher)
            .map(row -> row.matches() ? row.group(1) : row.toString())
            .toList();

    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Benchmarks.updates(), Benchmarks.failover())
                .flatMap(group -> group.ids().stream())
                .toList());
  }

  @Test
  void aLineSaysWhatARowMeasures() {
    assertThat(Benchmarks.updates().inWords())
        .hasSameSizeAs(Benchmarks.updates().ids())
        .contains("throughput  64 updates in flight, beside one named");
    assertThat(Benchmarks.failover().inWords())
        .allSatisfy(line -> assertThat(line).matches("[a-z]+ +\\S.{10,70}"));
  }
}
