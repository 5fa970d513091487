package dev.zonekeeper.e2e;

import static org.awaitility.Awaitility.await;

import dev.zonekeeper.agent.config.AgentFile;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.config.MemberSettings;
import dev.zonekeeper.cli.StatusProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** A cluster on this machine, run by the real command line: five agents, five {@code named}. */
final class LocalCluster implements AutoCloseable {
  /** The zone every cluster has. */
  static final String ZONE = "example.com";

  /** How long a healthy machine may take to bring a hurt cluster back to whole. */
  static final Duration HEALING = Duration.ofSeconds(30);

  /** How long a command may take that starts members. */
  static final Duration START = Duration.ofSeconds(100);

  private static final Duration POLL = Duration.ofMillis(100);

  /** Which processes of a member. */
  enum What {
    AGENT,
    NAMED,
    BOTH
  }

  /** How they are hurt, or woken. */
  enum Signal {
    KILL,
    STOP,
    CONT,
    TERM
  }

  private final Path dir;
  private final MemberLogs logs;

  private LocalCluster(Path dir) {
    this.dir = dir;
    this.logs = new MemberLogs(dir);
  }

  /** Starts a cluster in a new folder and waits until it is whole. */
  static LocalCluster up(String... options) {
    LocalCluster cluster = new LocalCluster(temporaryFolder());
    try {
      List<String> arguments = new ArrayList<>(List.of("--base-port", "" + FreePorts.block(80)));
      arguments.addAll(List.of(options));
      cluster.zonekeeper("local up", arguments.toArray(String[]::new)).expect(0);
      cluster.awaitWhole();
      return cluster;
    } catch (AssertionError | RuntimeException e) {
      String said = cluster.logs.sinceMark(60);
      cluster.close();
      throw new AssertionError("no cluster: " + e.getMessage() + "\n" + said, e);
    }
  }

  Path dir() {
    return dir;
  }

  MemberLogs logs() {
    return logs;
  }

  Path folder(String member) {
    return dir.resolve("members").resolve(member);
  }

  /** How the member is run: its ports, its folders. */
  MemberSettings agent(String member) {
    try {
      return AgentFile.load(folder(member).resolve("agent.json")).settings();
    } catch (IOException | ConfigException e) {
      throw new AssertionError("cannot read how " + member + " is run", e);
    }
  }

  /** Where the cluster's lease lies. */
  Path leaseFile() {
    return dir.resolve("lease").resolve("lease.json");
  }

  /**
   * Runs a command against this cluster.
   *
   * @param command its words, such as {@code local kill}
   */
  Program.Outcome zonekeeper(String command, String... arguments) {
    List<String> line = new ArrayList<>(List.of(Repository.zonekeeper().toString()));
    line.addAll(List.of(command.split(" ")));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--dir", dir.toString()));
    return Program.of(line).in(Repository.root()).within(START).run();
  }

  Status status() {
    return Status.parse(StatusProbe.json(dir));
  }

  String leader() {
    return awaitStatus("somebody leads", s -> s.leader() != null).leader();
  }

  /** Polls the status until it satisfies the condition, which is put into words for the failure. */
  Status awaitStatus(String inWords, Predicate<Status> condition) {
    AtomicReference<Status> last = new AtomicReference<>();
    try {
      await(inWords)
          .atMost(HEALING)
          .pollDelay(Duration.ZERO)
          .pollInterval(POLL)
          .until(() -> {
            last.set(status());
            return condition.test(last.get());
          });
      return last.get();
    } catch (ConditionTimeoutException e) {
      Status status = last.get();
      throw new AssertionError(
          "expected within %s: %s. Instead: %s%nlast status: %s"
              .formatted(HEALING, inWords, status == null ? "" : status.ailments(), status),
          e);
    }
  }

  /** Waits until the cluster is as good as new. */
  Status awaitWhole() {
    return awaitStatus("the cluster is whole", Status::whole);
  }

  void kill(String member, What what, Signal signal) {
    zonekeeper(
            "local kill",
            member,
            "--what",
            what.name().toLowerCase(Locale.ROOT),
            "--signal",
            signal.name())
        .expect(0);
  }

  void start(String member) {
    zonekeeper("local start", member).expect(0);
  }

  void wipe(String member) {
    zonekeeper("local wipe", member).expect(0);
  }

  /** Starts whatever is down. */
  void upAgain() {
    zonekeeper("local up").expect(0);
  }

  /** Stops everything, keeps the data. */
  void down() {
    zonekeeper("local down").expect(0);
  }

  /** Stops everything and removes the folder. */
  @Override
  public void close() {
    zonekeeper("local down", "--purge");
    Folders.delete(dir);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("zonekeeper-e2e-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
