package dev.zonekeeper.e2e;

import static org.awaitility.Awaitility.await;

import dev.zonekeeper.bench.load.Ledger;
import dev.zonekeeper.bench.load.LoadGenerator;
import dev.zonekeeper.bench.load.LoadSettings;
import dev.zonekeeper.bench.load.Result;
import dev.zonekeeper.bench.load.Tally;
import dev.zonekeeper.bench.load.UpdateSigner;
import dev.zonekeeper.bench.load.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.xbill.DNS.Name;

/**
 * Eight clients that write while a test hurts the cluster, four over UDP and four over TCP, spread
 * over the gateways of all primary members; and the book of what they were told. Some write names
 * of their own, some rewrite one name over and over.
 */
final class Writers implements AutoCloseable {
  private static final int CLIENTS_PER_TRANSPORT = 4;
  private static final Duration REST = Duration.ofMillis(5);
  private static final Duration REST_AFTER_FAILURE = Duration.ofMillis(50);
  private static final Duration RETRANSMIT = Duration.ofSeconds(1);
  private static final Duration GIVE_UP = Duration.ofSeconds(4);
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static final Duration AROUND_A_LOSS = Duration.ofMillis(700);
  private static final int LISTED = 10;

  /** When and by whom a client was told that its update stands. */
  private record Acknowledgement(Instant at, InetSocketAddress by) {}

  private final Function<Instant, String> logsAround;
  private final Ledger ledger = new Ledger();
  private final Tally tally = new Tally();
  private final Map<String, Acknowledgement> acknowledgements = new ConcurrentHashMap<>();
  private final List<LoadGenerator> generators = new ArrayList<>();

  private Writers(Function<Instant, String> logsAround) {
    this.logsAround = logsAround;
  }

  /** Starts them at the gateways of all primary members. */
  static Writers at(LocalCluster cluster) {
    Status status = cluster.status();
    return at(
        status.primaries().stream().map(Status.Member::dnsAddress).toList(),
        UpdateKey.read(Path.of(status.keyFile())),
        moment -> cluster.logs().around(moment, AROUND_A_LOSS),
        REST);
  }

  /**
   * Starts them.
   *
   * @param logsAround what the servers logged about a moment
   * @param rest how long a client waits between an answer and its next update
   */
  static Writers at(
      List<InetSocketAddress> servers,
      UpdateKey key,
      Function<Instant, String> logsAround,
      Duration rest) {
    String run = Long.toString(System.nanoTime() & 0xffffff, Character.MAX_RADIX);
    Writers writers = new Writers(logsAround);
    writers.start(LoadSettings.udp(servers, UpdateSigner.askingWhy(key.key())), "u" + run, rest);
    writers.start(LoadSettings.tcp(servers, UpdateSigner.askingWhy(key.key())), "t" + run, rest);
    return writers;
  }

  private void start(LoadSettings settings, String prefix, Duration rest) {
    Name zone = Names.absolute(LocalCluster.ZONE);
    Workload fresh = Workload.freshNames(zone, "w" + prefix);
    Workload again = Workload.rewriting(zone, "r" + prefix);
    try {
      LoadGenerator generator =
          new LoadGenerator(
              settings
                  .clients(CLIENTS_PER_TRANSPORT)
                  .patience(RETRANSMIT, GIVE_UP)
                  .movingOn()
                  .resting(rest, REST_AFTER_FAILURE),
              client -> client % 2 == 0 ? fresh.next(client) : again.next(client),
              this::record);
      generators.add(generator);
      generator.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void record(Result result) {
    if (result.outcome().acknowledged()) {
      acknowledgements.put(
          key(result.change().name(), result.change().value()),
          new Acknowledgement(Instant.now(), result.server()));
    }
    ledger.record(result);
    tally.record(result);
  }

  /** How many updates were acknowledged so far. */
  long acknowledged() {
    return ledger.acknowledged();
  }

  /** Waits until so many more updates have been acknowledged. */
  void awaitMore(long updates) {
    long goal = acknowledged() + updates;
    try {
      await().atMost(PATIENCE).until(() -> acknowledged() >= goal);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "only %d of the %d updates expected within %s were acknowledged; failures so far: %s"
              .formatted(updates - (goal - acknowledged()), updates, PATIENCE, tally.failures()),
          e);
    }
  }

  /**
   * The longest time in which nobody was told that an update stands, from the last time before that
   * moment on.
   */
  Duration longestGapSince(Instant moment) {
    List<Instant> times =
        acknowledgements.values().stream().map(Acknowledgement::at).sorted().toList();
    Duration longest = Duration.ZERO;
    for (int i = 1; i < times.size(); i++) {
      Duration gap = Duration.between(times.get(i - 1), times.get(i));
      if (times.get(i).isAfter(moment) && gap.compareTo(longest) > 0) {
        longest = gap;
      }
    }
    return longest;
  }

  /** How often which other outcome was seen. */
  Map<String, Long> failures() {
    return tally.failures();
  }

  /** No new updates; waits for the answers to those under way. */
  void stop() {
    try {
      for (LoadGenerator generator : generators) {
        generator.stop(GIVE_UP.plusSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Stops, waits until the cluster is whole, and fails unless each member's {@code named} holds all
   * that was acknowledged, nothing that nobody wrote, and the same as the others.
   */
  void stopAndCheck(LocalCluster cluster) {
    stop();
    Status status = cluster.awaitWhole();
    Map<String, ZoneCopy> copies = ZoneCopy.all(cluster, status, LocalCluster.ZONE);
    assertNothingLost(copies);
    ZoneCopy.assertEqual(copies, status.leader());
  }

  /** Fails unless each copy holds all that was acknowledged and nothing that nobody wrote. */
  void assertNothingLost(Map<String, ZoneCopy> copies) {
    List<String> losses = new ArrayList<>();
    Instant first = Instant.MAX;
    for (ZoneCopy copy : copies.values()) {
      Map<Name, String> missing = new TreeMap<>(ledger.missingAt(copy.content()));
      for (Map.Entry<Name, String> entry : missing.entrySet()) {
        Acknowledgement told = acknowledgements.get(key(entry.getKey(), entry.getValue()));
        losses.add(
            "%s TXT \"%s\", acknowledged %s by %s, is not at %s; it has %s"
                .formatted(
                    entry.getKey(),
                    entry.getValue(),
                    told.at(),
                    told.by(),
                    copy,
                    copy.content().texts(entry.getKey())));
        first = told.at().isBefore(first) ? told.at() : first;
      }
      ledger
          .unexplainedAt(copy.content())
          .forEach((name, value) ->
              losses.add("%s TXT \"%s\" is at %s and should not".formatted(name, value, copy)));
    }
    if (!losses.isEmpty()) {
      throw new AssertionError(
          "%d of %d acknowledged updates are not where they must be:%n%s%n%s"
              .formatted(
                  losses.size(),
                  acknowledged(),
                  losses.stream().limit(LISTED).collect(Collectors.joining("\n")),
                  first.equals(Instant.MAX)
                      ? ""
                      : "around the first of them the members logged:\n"
                          + logsAround.apply(first)));
    }
  }

  private static String key(Name name, String value) {
    return name + " " + value;
  }

  @Override
  public void close() {
    try {
      for (LoadGenerator generator : generators) {
        generator.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
