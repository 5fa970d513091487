package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.bench.cluster.ZonekeeperCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void aMissedLimitOfARowThatIsRunIsSaid(@TempDir Path folder) throws Exception {
    assertThat(run(folder, Set.of(), fake("good", Verdict.REACHED), fake("seen", Verdict.SEEN)))
        .isTrue();
    assertThat(run(folder, Set.of(), fake("good", Verdict.REACHED), fake("bad", Verdict.MISSED)))
        .isFalse();
    assertThat(
            run(folder, Set.of("good"), fake("good", Verdict.REACHED), fake("bad", Verdict.MISSED)))
        .isTrue();
  }

  @Test
  void aRowThatCannotBeRunSaysWhyAndTheOthersGoOn(@TempDir Path folder) throws Exception {
    assertThat(run(folder, Set.of(), fake("broken", null), fake("good", Verdict.REACHED)))
        .isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("broken: it is Friday")
        .contains("good row");
  }

  @Test
  void theTableIsWrittenToTheFolderForFigures(@TempDir Path folder) throws Exception {
    run(folder, Set.of(), fake("good", Verdict.REACHED));
    assertThat(Files.readString(folder.resolve("out/group.md")))
        .startsWith("# bench group\n\n* processor: ")
        .contains("| good row | 1 | 2 |  |  | ok |\n");
  }

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private boolean run(Path folder, Set<String> only, Benchmark... benchmarks) throws Exception {
    BenchSettings settings =
        new BenchSettings(
            true, 1, only, folder.resolve("b"), 26_000, false, Optional.of(folder.resolve("out")));
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Benchmarks("group", benchmarks)
        .run(settings, new ZonekeeperCommand(folder.resolve("none")), out, nowhere);
  }

  /** With that verdict; null: it cannot be run. */
  private static Benchmark fake(String id, Verdict verdict) {
    return new Benchmark() {
      @Override
      public String id() {
        return id;
      }

      @Override
      public String inOneLine() {
        return "nothing";
      }

      @Override
      public List<Row> run(Workbench bench) throws IOException {
        if (verdict == null) {
          throw new IOException("it is Friday");
        }
        return List.of(new Row(id + " row", "1", "2", "", "", verdict, List.of()));
      }
    };
  }
}
