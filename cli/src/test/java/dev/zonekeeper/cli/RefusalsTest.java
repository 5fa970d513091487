package dev.zonekeeper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.agent.lease.FileLeaseStore;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong input gets one line on stderr and exit code 2, and changes nothing. No process runs. */
class RefusalsTest {
  @TempDir Path temp;
  private Path dir;
  private CliHarness cli;

  @BeforeEach
  void aFolderThatIsNotThere() {
    dir = temp.resolve("cluster");
    cli = new CliHarness(dir);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          campaign --duration soon              | --duration: expected a time such as 90s, 3m or 1h, found "soon"
          campaign --duration 0s                | --duration: expected a time such as 90s, 3m or 1h, found "0s"
          campaign --only kill-agent,flood      | --only: no fault "flood"; there are kill-agent, kill-named
          campaign --baseline --only cut-link   | --only: no fault "cut-link"; there are kill-named
          campaign --base-port 65535            | --base-port: expected a number from 1 to 65475, found 65535
          campaign --seed x                     | Invalid value for option '--seed'
          campaign --report .                   | . exists; expected a folder that is not there yet
          campaign --only force-pod             | --only: no fault "force-pod"; there are kill-agent
          campaign --kubernetes                 | Missing required argument(s)
          campaign --zone example.com --key x   | Missing required argument(s): --kubernetes
          campaign --kubernetes --zone example.com --key x --baseline       | it goes with neither --baseline nor --base-port
          campaign --kubernetes --zone example.com --key x --base-port 6000 | it goes with neither --baseline nor --base-port
          campaign --kubernetes --zone example.com --key x --only mute      | --only: no fault "mute"; there are kill-named
          campaign --kubernetes --zone example.com --key nowhere.key        | nowhere.key: no such file
          """)
  void a_campaign_that_cannot_be_is_refused(String command, String message) throws IOException {
    assertRefused(cli.plain(command.split(" ")), message);
    assertThat(content()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bench updates --only knot          | no row [knot]; there are [footprint, throughput, lone, stations
          bench updates --only peers,crash   | no row [crash]; there are
          bench failover --only peers        | no row [peers]; there are [crash
          bench updates --rounds -1          | expected --rounds of 1 or more, found -1
          bench updates --dir .              | . exists; expected a folder that is not there yet
          """)
  void a_benchmark_that_cannot_be_is_refused(String command, String message) throws IOException {
    assertRefused(cli.plain(command.split(" ")), message);
    assertThat(content()).isEmpty();
  }

  private void aClusterThatIsDown() throws Exception {
    var plan =
        new NewCluster(2, 1, java.util.List.of(Zones.name("example.com")), FreePorts.base(40), 2);
    plan.create(new ClusterFolder(dir));
  }

  private static void assertRefused(CliHarness.Result result, String message) {
    assertThat(result.err()).contains(message).hasLineCount(1).startsWith("zonekeeper: ");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  private Map<Path, String> content() throws IOException {
    try (Stream<Path> files = Files.walk(temp)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".lock"))
          .collect(Collectors.toMap(file -> file, RefusalsTest::text));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          local kill primary-9                 | no member primary-9; there are primary-0, primary-1, secondary-0
          local start nobody                   | no member nobody; there are primary-0, primary-1, secondary-0
          local wipe nobody                    | no member nobody; there are primary-0, primary-1, secondary-0
          local logs nobody                    | no member nobody; there are primary-0, primary-1, secondary-0
          local kill primary-0                 | neither the agent nor the named of primary-0 is running
          local kill primary-0 --what named    | the named of primary-0 is not running
          local kill primary-0 --signal HUP    | Invalid value for option '--signal'
          local up --primaries 5               | --primaries 5: the cluster in
          local up --zone other.example        | has no zone other.example; use: zone add other.example
          zone add example.com                 | zone example.com is there already
          zone add EXAMPLE.com.                | zone example.com is there already
          zone add bad..name                   | expected a domain name, found "bad..name"
          zone add z.example --file /no/such   | /no/such: no such file, or it cannot be read
          zone add z.example --notify 10.0.0.1 | --notify: expected an IP address and a port such as 127.0.0.1:5301, found "10.0.0.1"
          zone add z.example --key nokey       | no key nokey; there are demo-update
          zone remove z.example                | no zone z.example; there are example.com
          key add demo-update --zone example.com | key demo-update is there already
          key add k --zone z.example           | no zone z.example; add it with: zone add z.example
          key add k                            | a key needs --zone, or --transfer, or both
          key add k --zone example.com --rule evil | --rule: expected an update-policy rule such as
          key remove k                         | no key k; there are demo-update
          switchover                           | nobody leads now
          switchover --to primary-1            | nobody leads now
          failover --to primary-1              | give both --force and --accept-data-loss
          failover --to primary-1 --force      | give both --force and --accept-data-loss
          failover --to nobody --force --accept-data-loss | no member nobody; there are
          failover --to primary-1 --force --accept-data-loss | primary-1 cannot lead: it was never started
          failover --to secondary-0 --force --accept-data-loss | secondary-0 is a secondary; only primary members may lead
          local frobnicate                     | Unmatched argument
          """)
  void onAClusterThatIsThere(String command, String message) throws Exception {
    aClusterThatIsDown();
    var before = content();

    assertRefused(cli.run(command.split(" ")), message);

    assertThat(content()).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          local status                       | no cluster in
          local down                         | no cluster in
          local down --purge                 | no cluster in
          zone list                          | no cluster in
          key list                           | no cluster in
          local up --primaries 0             | --primaries: expected a number from 1 to 100, found 0
          local up --secondaries -1          | --secondaries: expected a number from 0 to 100, found -1
          local up --primaries 3 --min-in-sync 4 | --min-in-sync: expected a number from 1 to 3, found 4
          local up --base-port 65530         | --base-port: expected a number from 1 to 65485, found 65530
          local up --zone bad..name          | expected a domain name, found "bad..name"
          """)
  void whereThereIsNoCluster(String command, String message) {
    assertRefused(cli.run(command.split(" ")), message);
    assertThat(dir).doesNotExist();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          agent                                   | Missing required argument
          agent --kubernetes --config agent.json  | are mutually exclusive
          agent --kubernetes                      | POD_NAMESPACE is not in the environment
          status --kubernetes                     | POD_NAMESPACE is not in the environment
          switchover --kubernetes                 | run it in a pod of the cluster
          switchover --kubernetes --dir /tmp      | are mutually exclusive
          failover --to a --force --accept-data-loss --kubernetes | run it in a pod of the cluster
          """)
  void whereThereIsNoPod(String command, String message) {
    assertRefused(cli.plain(command.split(" ")), message);
  }

  @Test
  void aPortThatIsTakenCreatesNothing() throws Exception {
    int base = FreePorts.base(60);
    try (ServerSocket taken = new ServerSocket(base + 13, 1, InetAddress.getLoopbackAddress())) {
      assertRefused(
          cli.run("local", "up", "--base-port", "" + base),
          "port " + taken.getLocalPort() + " (http of primary-1) cannot be had");
    }
    assertThat(dir).doesNotExist();
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws Exception {
    Files.createDirectories(dir);
    Files.writeString(dir.resolve("diary.txt"), "dear diary");

    assertRefused(
        cli.run("local", "up"), "is not a cluster's folder and not empty: it has diary.txt");
    assertRefused(cli.run("local", "down", "--purge"), "no cluster in");

    assertThat(content()).containsOnlyKeys(dir.resolve("diary.txt"));
  }

  @Test
  void aFolderOfAnotherVersionIsLeftAlone() throws Exception {
    aClusterThatIsDown();
    Path file = dir.resolve("cluster.json");
    Files.writeString(file, Files.readString(file).replace("\"version\" : 1", "\"version\" : 7"));
    var before = content();

    assertRefused(
        cli.run("local", "up"),
        "version: expected 1, found 7: another version of Zonekeeper wrote it");

    assertThat(content()).isEqualTo(before);
  }

  @Test
  void aZoneFileThatNamedCheckzoneRefusesIsNotTaken() throws Exception {
    aClusterThatIsDown();
    Path zone = temp.resolve("broken.zone");
    Files.writeString(zone, "@ IN SOA ns hostmaster 1 1 1 1 1\n");
    var before = content();

    assertRefused(
        cli.run("zone", "add", "broken.example", "--file", zone.toString()),
        "named-checkzone refuses " + zone + ": ");

    assertThat(content()).isEqualTo(before);
  }

  private Path zoneFile(long serial) throws IOException {
    Path zone = temp.resolve("example.org.zone");
    return Files.writeString(
        zone,
        """
        $TTL 60
        @ SOA ns hostmaster %d 1 1 1 1
        @ NS ns
        ns A 192.0.2.2
        """
            .formatted(serial));
  }

  private void lastLed(long epoch) throws IOException {
    try (FileLeaseStore leases = new FileLeaseStore(new ClusterFolder(dir).leaseFile())) {
      leases.compareAndSet(
          Optional.empty(),
          new Lease(
              Optional.empty(),
              epoch,
              1,
              Instant.EPOCH,
              Duration.ofSeconds(5),
              Set.of(new MemberId("primary-0", "1")),
              Optional.empty()));
    }
  }

  /** Nobody tells the zones' serials, but the lease says where they have got to. */
  @Test
  void aZoneWhoseSerialHasNoOrderWithTheOthersIsNotTaken() throws Exception {
    aClusterThatIsDown();
    lastLed(7);
    Path zone = zoneFile((7 + 32769L) << 16);
    var before = content();

    assertRefused(
        cli.run("zone", "add", "example.org", "--file", zone.toString()),
        "zone example.org: serial 2148007936 cannot be ordered before epoch 32777 together with"
            + " zone example.com (serial 458752) (RFC 1982); see docs/adopting-zones.md");

    assertThat(content()).isEqualTo(before);
  }

  @Test
  void aZoneOfAHighSerialThatHasAnOrderWithTheOthersIsTaken() throws Exception {
    aClusterThatIsDown();
    lastLed(7);

    var added = cli.run("zone", "add", "example.org", "--file", zoneFile(4294967290L).toString());

    assertThat(added.err()).isEmpty();
    assertThat(added.exitCode()).isZero();
  }

  @Test
  void keysAreReadableByTheirOwnerAlone() throws Exception {
    aClusterThatIsDown();

    assertThat(Files.getPosixFilePermissions(dir.resolve("keys")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    for (String key : Set.of("cluster.key", "demo-update.key")) {
      assertThat(Files.getPosixFilePermissions(dir.resolve("keys").resolve(key)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void aClusterThatIsDownStillHasAStatus() throws Exception {
    aClusterThatIsDown();

    var status = cli.run("local", "status", "--json");

    assertThat(status.exitCode()).isZero();
    assertThat(status.out())
        .contains("\"leader\":null", "\"healthy\":false", "\"agentPid\":null")
        .contains("\"why\":\"it was never started\"");
  }

  @Test
  void theDefaultFolderIsTheUsersStateFolder() {
    assertThat(Main.stateFolder(Map.of("XDG_STATE_HOME", "/state")))
        .hasToString("/state/zonekeeper/local");
    assertThat(Main.stateFolder(Map.of("HOME", "/home/me")))
        .hasToString("/home/me/.local/state/zonekeeper/local");
  }
}
