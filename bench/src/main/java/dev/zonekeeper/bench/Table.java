package dev.zonekeeper.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows in columns, as text or Markdown. Other name servers have one each when a row has a number of
 * theirs.
 */
final class Table {
  private Table() {}

  static void print(List<Row> rows, PrintStream out) {
    List<List<String>> lines = lines(rows);
    int[] widths = new int[lines.getFirst().size()];
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

  /**
   * The same as a page.
   *
   * @param machine lines that say what it was measured with
   */
  static String markdown(String title, List<String> machine, List<Row> rows) {
    StringBuilder page = new StringBuilder("# ").append(title).append("\n\n");
    machine.forEach(line -> page.append("* ").append(line).append('\n'));
    page.append('\n');
    List<List<String>> lines = lines(rows);
    for (int i = 0; i < lines.size(); i++) {
      page.append("| ").append(String.join(" | ", lines.get(i))).append(" |\n");
      if (i == 0) {
        page.append('|').repeat("---|", lines.getFirst().size()).append('\n');
      }
    }
    page.append('\n');
    for (Row row : rows) {
      row.notes()
          .forEach(
              note -> page.append("* ").append(row.what()).append(": ").append(note).append('\n'));
    }
    return page.toString();
  }

  private static List<List<String>> lines(List<Row> rows) {
    List<String> peers =
        rows.stream().flatMap(row -> row.peers().keySet().stream()).distinct().toList();
    List<List<String>> lines = new ArrayList<>();
    lines.add(cells("what", "Zonekeeper", "bare BIND", peers, "compared", "limit", ""));
    rows.forEach(row -> lines.add(cells(row, peers)));
    return lines;
  }

  private static List<String> cells(Row row, List<String> peers) {
    String verdict =
        switch (row.verdict()) {
          case REACHED -> "ok";
          case MISSED -> "MISSED";
          case SEEN -> "";
        };
    return cells(
        row.what(),
        row.ours(),
        row.bare(),
        peers.stream().map(peer -> row.peers().getOrDefault(peer, "")).toList(),
        row.compared(),
        row.limit(),
        verdict);
  }

  private static List<String> cells(
      String what,
      String ours,
      String bare,
      List<String> peers,
      String compared,
      String limit,
      String verdict) {
    List<String> cells = new ArrayList<>(List.of(what, ours, bare));
    cells.addAll(peers);
    cells.addAll(List.of(compared, limit, verdict));
    return cells;
  }
}
