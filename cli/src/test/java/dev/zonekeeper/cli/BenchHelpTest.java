package dev.zonekeeper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.bench.Benchmarks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code zonekeeper bench --help} says of the rows. */
class BenchHelpTest {
  @TempDir Path temp;

  private List<String> rows(String... command) {
    CliHarness.Result said = new CliHarness(temp.resolve("cluster")).plain(command);
    assertThat(said.exitCode()).isZero();
    List<String> lines = said.out().lines().toList();
    int first =
        lines.indexOf("Rows of bench " + (command.length == 3 ? command[1] : "updates") + ":");
    assertThat(first).isPositive();
    return lines.subList(first + 1, lines.size()).stream().map(String::strip).toList();
  }

  @Test
  void a_group_names_each_of_its_rows_on_a_line_of_its_own() {
    assertThat(rows("bench", "updates", "--help"))
        .containsExactlyElementsOf(Benchmarks.updates().inWords());
    assertThat(rows("bench", "failover", "--help"))
        .containsExactlyElementsOf(Benchmarks.failover().inWords());
  }

  @Test
  void the_command_names_the_rows_of_both_groups() {
    List<String> all = new ArrayList<>(Benchmarks.updates().inWords());
    all.add("");
    all.add("Rows of bench failover:");
    all.addAll(Benchmarks.failover().inWords());

    assertThat(rows("bench", "--help")).containsExactlyElementsOf(all);
  }
}
