package dev.zonekeeper.bench;

import java.io.IOException;
import java.util.List;

/** Measures one thing, ours and bare BIND's in turn. */
interface Benchmark {
  /** What {@code --only} calls it. */
  String id();

  /** What it measures, in a few words. */
  String inOneLine();

  /**
   * Runs it.
   *
   * @throws IOException if it could not be measured
   */
  List<Row> run(Workbench bench) throws IOException, InterruptedException;
}
