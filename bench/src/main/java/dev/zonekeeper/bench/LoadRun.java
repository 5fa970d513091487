package dev.zonekeeper.bench;

import dev.zonekeeper.bench.load.LoadGenerator;
import dev.zonekeeper.bench.load.LoadSettings;
import dev.zonekeeper.bench.load.Result;
import dev.zonekeeper.bench.load.Tally;
import dev.zonekeeper.bench.load.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One run of the load generator, summed up.
 *
 * @param tally what became of the updates
 * @param micros processor time per acknowledged update, in microseconds, by process
 */
record LoadRun(Tally tally, Map<String, Double> micros) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Clients that send one update after the other for so long. */
  static LoadRun lasting(
      Duration duration,
      Target target,
      LoadSettings settings,
      Workload workload,
      Consumer<Result> also)
      throws IOException, InterruptedException {
    return run(
        target,
        settings,
        workload,
        also,
        load -> {
          if (!load.await(duration)) {
            load.stop(PATIENCE);
          }
        });
  }

  /** Clients that send what the workload has, however long it takes, up to a limit. */
  static LoadRun whole(
      Duration atMost,
      Target target,
      LoadSettings settings,
      Workload workload,
      Consumer<Result> also)
      throws IOException, InterruptedException {
    return run(
        target,
        settings,
        workload,
        also,
        load -> {
          if (!load.await(atMost)) {
            throw new IOException("the load was not done after " + atMost.toSeconds() + " s");
          }
        });
  }

  private interface Course {
    void follow(LoadGenerator load) throws IOException, InterruptedException;
  }

  private static LoadRun run(
      Target target, LoadSettings settings, Workload workload, Consumer<Result> also, Course course)
      throws IOException, InterruptedException {
    Tally tally = new Tally();
    ProcessorTime processorTime = ProcessorTime.start(target.processes());
    Consumer<Result> both =
        result -> {
          tally.record(result);
          also.accept(result);
        };
    try (LoadGenerator load = new LoadGenerator(settings, workload, both)) {
      load.start();
      course.follow(load);
    }
    return new LoadRun(tally, processorTime.microsPer(tally.acknowledged()));
  }

  /** The median over the neighbours in time: a noisy machine is noisy for both. */
  static double medianRatio(List<LoadRun> ours, List<LoadRun> bare) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i).perSecond() / bare.get(i).perSecond());
    }
    return Figures.median(ratios);
  }

  double perSecond() {
    return tally.perSecond();
  }

  double medianMillis() {
    return tally.latencies().millis(50);
  }
}
