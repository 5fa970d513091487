package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Row LONE =
      new Row("lone", "4 ms", "1 ms", "+3 ms", "<= 5 ms", Verdict.REACHED, List.of("p99 9 ms"));

  @Test
  void withoutPeersThereIsNoColumnOfTheirs() {
    assertThat(printed(LONE))
        .containsExactly(
            "what  Zonekeeper  bare BIND  compared  limit",
            "lone  4 ms        1 ms       +3 ms     <= 5 ms  ok",
            "  lone: p99 9 ms");
  }

  @Test
  void aLimitThatWasMissedIsSaidAloud() {
    Row slow = new Row("lone", "9 ms", "1 ms", "+8 ms", "<= 5 ms", Verdict.MISSED, List.of());
    assertThat(printed(slow).getLast()).endsWith("MISSED");
  }

  @Test
  void aPeersColumnIsEmptyWhereItIsNotMeasured() {
    Row peers =
        new Row("16", "9/s", "8/s", Map.of("Knot DNS", "7/s"), "1.1", "", Verdict.SEEN, List.of());

    assertThat(printed(LONE, peers))
        .containsExactly(
            "what  Zonekeeper  bare BIND  Knot DNS  compared  limit",
            "lone  4 ms        1 ms                 +3 ms     <= 5 ms  ok",
            "16    9/s         8/s        7/s       1.1",
            "  lone: p99 9 ms");
  }

  @Test
  void aPageHasTheMachineTheTableAndTheNotes() {
    assertThat(Table.markdown("bench x", List.of("Java: 25"), List.of(LONE)))
        .isEqualTo(
            """
            # bench x

            * Java: 25

            | what | Zonekeeper | bare BIND | compared | limit |  |
            |---|---|---|---|---|---|
            | lone | 4 ms | 1 ms | +3 ms | <= 5 ms | ok |

            * lone: p99 9 ms
            """);
  }

  private static List<String> printed(Row... rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Table.print(List.of(rows), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
