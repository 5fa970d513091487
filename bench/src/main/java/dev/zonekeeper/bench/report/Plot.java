package dev.zonekeeper.bench.report;

/** The plots that there are. */
public enum Plot {
  /** Acknowledged updates per second, over how many are in flight. */
  THROUGHPUT(
      "updates-per-second",
      "Acknowledged updates per second",
      "updates in flight",
      "acknowledged per second"),
  /** The median time until the answer, over how many are in flight. */
  LATENCY(
      "update-latency", "Time until an update is acknowledged", "updates in flight", "median, ms");

  private final String file;
  private final String title;
  private final String across;
  private final String up;

  Plot(String file, String title, String across, String up) {
    this.file = file;
    this.title = title;
    this.across = across;
    this.up = up;
  }

  /** The name of its file, without ending. */
  String file() {
    return file;
  }

  String title() {
    return title;
  }

  /** What the horizontal axis is, with its unit. */
  String across() {
    return across;
  }

  /** What the vertical axis is, with its unit. */
  String up() {
    return up;
  }
}
