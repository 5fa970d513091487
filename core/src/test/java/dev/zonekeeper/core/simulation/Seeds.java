package dev.zonekeeper.core.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** Many runs on all processors. Each is a matter of its seed alone, whatever runs beside it. */
final class Seeds {
  /** A run, or what looks at one. */
  interface Run<T> {
    Optional<T> of(long seed) throws Exception;
  }

  private Seeds() {}

  static long[] from1To(int last) {
    return LongStream.rangeClosed(1, last).toArray();
  }

  /**
   * What the first run finds that finds anything, in the order of the seeds.
   *
   * <p>Seeds are dealt out in order and each that was dealt is run to its end, so those before the
   * first find have all been tried.
   */
  static <T> Optional<T> firstFind(long[] seeds, Run<T> run)
      throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    NavigableMap<Integer, T> finds = new ConcurrentSkipListMap<>();
    int processors = Runtime.getRuntime().availableProcessors();
    try (ExecutorService threads = Executors.newFixedThreadPool(processors)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < processors; i++) {
        ends.add(
            threads.submit(() -> {
              while (finds.isEmpty()) {
                int place = next.getAndIncrement();
                if (place >= seeds.length) {
                  break;
                }
                Optional<T> find = run.of(seeds[place]);
                if (find.isPresent()) {
                  finds.put(place, find.get());
                }
              }
              return null;
            }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    return finds.isEmpty() ? Optional.empty() : Optional.of(finds.firstEntry().getValue());
  }
}
