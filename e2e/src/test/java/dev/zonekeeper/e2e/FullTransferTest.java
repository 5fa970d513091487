package dev.zonekeeper.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A member that dies in the middle of a full transfer: the old data is gone then and the new is not
 * safe, so it may claim nothing of that zone.
 */
final class FullTransferTest {
  private static final String BIG = "big.example";
  private static final int RECORDS = 50_000;

  /** When it dies, in the order of a transfer. */
  enum Moment {
    /** The first byte may have reached named. */
    ANNOUNCED,
    /** named serves the new zone from memory; the disk may hold nothing yet. */
    SERVED,
    /** The agent has seen to it that the disk holds it. */
    SAFE
  }

  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  @TempDir static Path folder;

  @BeforeAll
  static void addTheBigZone() throws IOException {
    EXTENSION
        .cluster()
        .zonekeeper("zone add", BIG, "--file", bigZone(folder.resolve("big.zone")).toString())
        .expect(0);
    EXTENSION.cluster().awaitWhole();
  }

  @AfterAll
  static void removeIt() {
    EXTENSION.cluster().zonekeeper("zone remove", BIG).expect(0);
  }

  @ParameterizedTest
  @EnumSource
  void a_follower_killed_inside_it_claims_nothing_it_lacks(Moment moment) throws IOException {
    LocalCluster cluster = EXTENSION.cluster();
    String victim = cluster.awaitWhole().standbys().getFirst();
    retransfer(cluster, victim);

    awaitMoment(moment, cluster, victim);
    killAtOnce(cluster, victim);

    boolean unsafe = markers(cluster, victim).length > 0;
    String before = incarnation(cluster, victim);
    cluster.start(victim);
    cluster.awaitStatus(
        victim + " is in sync as what it is now",
        s -> s.member(victim).why().startsWith("in sync"));
    assertThat(incarnation(cluster, victim).equals(before))
        .as("it is the same incarnation; its data was %s", unsafe ? "not safe" : "safe")
        .isEqualTo(!unsafe);
    assertHoldsWhatTheLeaderHolds(cluster, victim);
  }

  @RepeatedTest(5)
  void the_mark_stands_until_the_new_zone_is_on_the_disk() throws IOException {
    LocalCluster cluster = EXTENSION.cluster();
    String victim = cluster.awaitWhole().standbys().getFirst();
    Object before = identity(zoneFile(cluster, victim));

    retransfer(cluster, victim);
    awaitMoment(Moment.SAFE, cluster, victim);

    assertThat(identity(zoneFile(cluster, victim)))
        .as("the file that named loads when it is started now")
        .isNotEqualTo(before);
  }

  @Test
  void a_follower_without_data_killed_inside_it_is_not_in_sync() throws IOException {
    LocalCluster cluster = EXTENSION.cluster();
    String victim = cluster.awaitWhole().standbys().getFirst();
    cluster.wipe(victim);
    // Not waited for: the transfer may be over by the time the command says that the member is up.
    Thread start = Thread.startVirtualThread(() -> cluster.zonekeeper("local start", victim));
    awaitThat(
        "the agent and named of " + victim,
        () ->
            Files.exists(cluster.agent(victim).run().resolve("named.pid"))
                && isServed(cluster, victim));
    killAtOnce(cluster, victim);

    boolean has = Files.exists(zoneFile(cluster, victim));
    assertThat(!has && cluster.status().inSync().contains(victim))
        .as("%s, which has no file of %s, is in sync", victim, BIG)
        .isFalse();

    await("the command that started it").until(() -> !start.isAlive());
    cluster.start(victim);
    cluster.awaitWhole();
    assertHoldsWhatTheLeaderHolds(cluster, victim);
  }

  private static void assertHoldsWhatTheLeaderHolds(LocalCluster cluster, String victim) {
    String leader = cluster.awaitWhole().leader();
    Map<String, ZoneCopy> copies =
        Map.of(
            victim, ZoneCopy.of(cluster, victim, BIG), leader, ZoneCopy.of(cluster, leader, BIG));
    ZoneCopy.assertEqual(copies, leader);
    assertThat(copies.get(victim).lines()).hasSizeGreaterThan(RECORDS);
    assertThat(markers(cluster, victim)).as("resync markers that are left").isEmpty();
  }

  private static void retransfer(LocalCluster cluster, String member) {
    Program.of("rndc", "-c", rndcConf(cluster, member), "retransfer", BIG).run().expect(0);
  }

  /** Differs for a file that has taken the place of another. */
  private static Object identity(Path file) throws IOException {
    return Files.readAttributes(file, "unix:ino,ctime");
  }

  private static String rndcConf(LocalCluster cluster, String member) {
    return cluster.agent(member).data().resolve("rndc.conf").toString();
  }

  private static boolean isServed(LocalCluster cluster, String member) {
    try {
      return Answers.has(Answers.named(cluster, member), BIG);
    } catch (UncheckedIOException | AssertionError e) {
      return false; // it is starting
    }
  }

  /** named removes it when it begins to serve the new zone, and writes it a moment later. */
  private static Path zoneFile(LocalCluster cluster, String member) {
    return cluster.agent(member).data().resolve("dyn/" + BIG + ".zone");
  }

  private static void awaitMoment(Moment moment, LocalCluster cluster, String member) {
    awaitThat(
        "a resync marker: a full transfer to " + member, () -> markers(cluster, member).length > 0);
    awaitThat(
        "the transfer to %s is %s".formatted(member, moment),
        () ->
            switch (moment) {
              case ANNOUNCED -> true;
              case SERVED ->
                  markers(cluster, member).length == 0 || !Files.exists(zoneFile(cluster, member));
              case SAFE -> markers(cluster, member).length == 0;
            });
  }

  private static void awaitThat(String inWords, Callable<Boolean> condition) {
    await(inWords)
        .atMost(LocalCluster.HEALING)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(condition);
  }

  private static String incarnation(LocalCluster cluster, String member) throws IOException {
    Path file = cluster.agent(member).data().resolve("member.json");
    return new ObjectMapper().readTree(Files.readAllBytes(file)).path("incarnation").asText();
  }

  private static String[] markers(LocalCluster cluster, String member) {
    Path folder = cluster.agent(member).data().resolve("resync");
    if (!Files.isDirectory(folder)) {
      return new String[0];
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(BIG))
          .toArray(String[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With no command line in between, which would take longer than the transfer. */
  private static void killAtOnce(LocalCluster cluster, String member) {
    Path run = cluster.agent(member).run();
    ProcessHandle named = process(run.resolve("named.pid"));
    ProcessHandle agent = process(run.resolve("agent.pid"));
    named.destroyForcibly();
    agent.destroyForcibly();
    await().until(() -> !named.isAlive() && !agent.isAlive());
  }

  private static ProcessHandle process(Path pidFile) {
    try {
      return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip())).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path bigZone(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, UTF_8)) {
      out.write("$TTL 300\n@ SOA ns1 hostmaster 1 3600 600 864000 60\n@ NS ns1\nns1 A 192.0.2.1\n");
      for (int i = 0; i < RECORDS; i++) {
        out.write("host-%d A 10.%d.%d.%d\n".formatted(i, i >> 16, i >> 8 & 255, i & 255));
      }
    }
    return file;
  }
}
