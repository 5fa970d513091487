package dev.zonekeeper.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long writes stopped, by what was done to the cluster: a table for people. */
final class WriteGaps implements AutoCloseable {
  private record Row(String deed, Duration gap, String failures, long acknowledged) {}

  private final List<Row> rows = new ArrayList<>();

  private final List<String> notes = new ArrayList<>();

  /** A line below the table. */
  synchronized void note(String line) {
    notes.add(line);
  }

  synchronized void add(String deed, Duration gap, Writers writers) {
    rows.add(new Row(deed, gap, writers.failures().toString(), writers.acknowledged()));
  }

  /** Prints it, beside the reports of the tests: standard output is kept in a file by the build. */
  @Override
  public synchronized void close() {
    StringBuilder table = new StringBuilder();
    table.append(
        "%-44s %10s %12s  %s%n"
            .formatted("what was done", "write gap", "acknowledged", "failures"));
    for (Row row : rows) {
      table.append(
          "%-44s %7d ms %12d  %s%n"
              .formatted(row.deed, row.gap.toMillis(), row.acknowledged, row.failures));
    }
    notes.forEach(line -> table.append(line).append('\n'));
    System.out.print(table);
  }
}
