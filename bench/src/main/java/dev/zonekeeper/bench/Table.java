package dev.zonekeeper.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints rows in columns. */
final class Table {
  private static final List<String> HEAD =
      List.of("what", "Zonekeeper", "bare BIND", "compared", "limit", "");

  private Table() {}

  static void print(List<Row> rows, PrintStream out) {
    List<List<String>> lines = new ArrayList<>(List.of(HEAD));
    rows.forEach(row -> lines.add(cells(row)));
    int[] widths = new int[HEAD.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append(line.get(i)).repeat(' ', widths[i] - line.get(i).length() + 2);
      }
      out.println(text.toString().stripTrailing());
    }
    for (Row row : rows) {
      row.notes().forEach(note -> out.println("  " + row.what() + ": " + note));
    }
  }

  private static List<String> cells(Row row) {
    String verdict =
        switch (row.verdict()) {
          case REACHED -> "ok";
          case MISSED -> "MISSED";
          case SEEN -> "";
        };
    return List.of(row.what(), row.ours(), row.bare(), row.compared(), row.limit(), verdict);
  }
}
