package dev.zonekeeper.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a running cluster of stub agents: processes, files and waiting are real. */
class LocalClusterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path temp;
  private static Path dir;
  private static CliHarness cli;

  @BeforeAll
  static void aRunningCluster() {
    dir = temp.resolve("a cluster");
    cli = new CliHarness(dir);
    int base = FreePorts.base(30);
    var up =
        cli.run("local", "up", "--primaries", "2", "--secondaries", "1", "--base-port", "" + base);
    assertThat(up.err()).contains("Made a cluster in " + dir);
    assertThat(up.exitCode()).as(up.err()).isZero();
    assertThat(up.out())
        .contains("primary-0 leads", "secondary-0", "nsupdate -k " + dir, "dig +short @127.0.0.1");
  }

  /** Each test finds all members up and primary-0 leading. */
  @BeforeEach
  void whole() throws Exception {
    assertThat(cli.run("local", "up").exitCode()).isZero();
    if (!status().at("/leader").asText().equals("primary-0")) {
      assertThat(cli.run("switchover", "--to", "primary-0").exitCode()).isZero();
    }
  }

  @AfterAll
  static void down() {
    assertThat(cli.run("local", "down", "--purge").exitCode()).isZero();
    assertThat(dir).doesNotExist();
  }

  private static JsonNode status() throws Exception {
    return JSON.readTree(cli.run("local", "status", "--json").out());
  }

  private static void done(CliHarness.Result result, String out) {
    assertThat(result.err()).as(result.out()).isEmpty();
    assertThat(result.out()).contains(out);
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void statusHasTheFieldsThatScriptsDependOn() throws Exception {
    JsonNode status = status();

    assertThat(status.fieldNames())
        .toIterable()
        .containsExactly(
            "cluster", "epoch", "leader", "inSync", "minInSync", "keyFile", "zones", "members");
    assertThat(status.at("/members/0").fieldNames())
        .toIterable()
        .containsExactly(
            "name",
            "kind",
            "role",
            "healthy",
            "agentPid",
            "namedPid",
            "why",
            "dns",
            "peer",
            "http",
            "serials",
            "lagMillis");
    assertThat(status.at("/zones/0").toString())
        .isEqualTo(
            "{\"name\":\"example.com\",\"serial\":%1$d,\"committed\":%1$d}"
                .formatted(status.at("/epoch").asLong() << 16));
    assertThat(status.at("/inSync").toString()).isEqualTo("[\"primary-0\",\"primary-1\"]");
    assertThat(Path.of(status.at("/keyFile").asText())).isRegularFile();
  }

  @Test
  void aKilledMemberIsListedAndUpStartsItAgain() throws Exception {
    long pid = status().at("/members/1/agentPid").asLong();

    done(cli.run("local", "kill", "primary-1"), "Sent KILL to the agent of primary-1 (pid " + pid);

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !status().at("/members/1/healthy").asBoolean());
    assertThat(status().at("/members/1/role").asText()).isEqualTo("standby");
    assertThat(status().at("/members/1/why").asText()).isEqualTo("its agent is not running");
    var up = cli.run("local", "up");
    assertThat(up.err()).contains("Started primary-1");
    assertThat(up.exitCode()).isZero();
    assertThat(status().at("/members/1/healthy").asBoolean()).isTrue();
    assertThat(status().at("/members/1/agentPid").asLong()).isNotEqualTo(pid);
  }

  @Test
  void aStoppedAgentIsSaidToHangAndGoesOn() throws Exception {
    done(cli.run("local", "kill", "primary-1", "--signal", "STOP"), "Sent STOP");
    assertThat(status().at("/members/1/why").asText()).contains("does not answer within 1 s");
    done(cli.run("local", "kill", "primary-1", "--signal", "cont"), "Sent CONT");
    assertThat(status().at("/members/1/healthy").asBoolean()).isTrue();
  }

  @Test
  void aWipedMemberIsStoppedAndComesBackWithAnEmptyDisk() throws Exception {
    Path data = dir.resolve("members/primary-1/data");
    Files.writeString(data.resolve("something"), "");

    done(cli.run("local", "wipe", "primary-1"), "primary-1 is stopped and its disk is empty");
    assertThat(data).doesNotExist();
    done(cli.run("local", "start", "primary-1"), "primary-1 is up");
    assertThat(data).isEmptyDirectory();
    assertThat(cli.run("local", "start", "primary-1").err()).contains("primary-1 is running");
  }

  @Test
  void theSameFolderByAnotherPathIsTheSameCluster() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("link"), temp);
    var up = new CliHarness(link.resolve("a cluster")).run("local", "up");
    assertThat(up.exitCode()).isZero();
    assertThat(up.err()).isEmpty();
  }

  @Test
  void switchoverGivesTheLeadToAnotherInSyncMember() throws Exception {
    long epoch = status().at("/epoch").asLong();

    done(cli.run("switchover"), "primary-1 leads, epoch " + (epoch + 1));
    assertThat(cli.run("switchover", "--to", "primary-1").err()).contains("leads already");
    assertThat(cli.run("switchover", "--to", "secondary-0").err()).contains("is a secondary");
    done(cli.run("switchover", "--to", "primary-0"), "primary-0 leads, epoch " + (epoch + 2));
  }

  @Test
  void switchoverToAMemberThatIsDownIsRefused() throws Exception {
    cli.run("local", "kill", "primary-1");
    var result = cli.run("switchover", "--to", "primary-1");
    assertThat(result.err()).contains("primary-1 is not healthy: ").hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(Files.readString(dir.resolve("lease/lease.json"))).contains("\"handoverTo\" : null");
  }

  @Test
  void aZoneIsAddedFromAFileThatMayIncludeOthersAndRemoved() throws Exception {
    Path zone = temp.resolve("example.org.zone");
    Files.writeString(temp.resolve("more"), "www 60 IN A 192.0.2.1\n");
    Files.writeString(
        zone, "$TTL 60\n@ SOA ns hostmaster 7 1 1 1 1\n@ NS ns\nns A 192.0.2.2\n$INCLUDE more\n");

    done(
        cli.run("zone", "add", "Example.org", "--file", zone.toString()),
        "All members that are up serve example.org");

    assertThat(cli.run("zone", "list").out()).isEqualTo("example.com\nexample.org\n");
    assertThat(dir.resolve("seeds/example.org.zone")).content().contains("www.example.org.");
    assertThat(cli.run("key", "list").out()).contains("example.org: zonesub ANY");
    done(cli.run("zone", "remove", "example.org"), "No member that is up serves example.org");
    assertThat(cli.run("zone", "list").out()).isEqualTo("example.com\n");
    assertThat(cli.run("key", "list").out()).doesNotContain("example.org");
  }

  @Test
  void aZoneWhoseSerialHasNoOrderWithThatOfARunningZoneIsRefused() throws Exception {
    long served = status().at("/zones/0/serial").asLong();
    long serial = served + (32769L << 16);
    Path zone = temp.resolve("far.zone");
    Files.writeString(
        zone, "$TTL 60\n@ SOA ns host %d 1 1 1 1\n@ NS ns\nns A 192.0.2.2\n".formatted(serial));

    var result = cli.run("zone", "add", "example.net", "--file", zone.toString());

    assertThat(result.err())
        .contains("zone example.net: serial " + serial + " cannot be ordered before epoch ")
        .contains(" together with zone example.com (serial " + served + ") (RFC 1982)")
        .hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(cli.run("zone", "list").out()).isEqualTo("example.com\n");
    assertThat(dir.resolve("seeds")).isDirectoryNotContaining("glob:**example.net*");
  }

  @Test
  void aKeyIsMadeAndItsPathPrintedAndRemoved() throws Exception {
    var added =
        cli.run(
            "key",
            "add",
            "certbot",
            "--zone",
            "example.com",
            "--rule",
            "name _acme-challenge.example.com. TXT");
    done(added, dir.resolve("keys/certbot.key") + "\n");
    assertThat(Path.of(added.out().strip())).content().contains("key \"certbot\"");
    assertThat(cli.run("key", "list").out())
        .contains("example.com: name _acme-challenge.example.com. TXT");
    done(cli.run("key", "remove", "certbot"), "takes the key certbot any more");
    assertThat(Path.of(added.out().strip())).doesNotExist();
  }

  @Test
  void logsOfAllMembersComeInOrderOfTimeWithTheirNames() {
    var all = cli.run("local", "logs");
    assertThat(all.out().lines().map(line -> line.replaceFirst("^\\S+ \\| ", "")).toList())
        .isSorted();
    assertThat(all.out()).contains("secondary-0 | ", "stub of primary-1 starts");
    assertThat(cli.run("local", "logs", "primary-1").out()).doesNotContain("|");
  }

  @Test
  void aSecondClusterLivesBesideAndDownKeepsItsDataAndAForcedFailoverTakesItsLease()
      throws Exception {
    CliHarness other = new CliHarness(temp.resolve("other"));
    int base = FreePorts.base(20);
    assertThat(
            other
                .run(
                    "local",
                    "up",
                    "--primaries",
                    "2",
                    "--secondaries",
                    "0",
                    "--base-port",
                    "" + base)
                .exitCode())
        .isZero();

    assertThat(other.run("local", "down").out()).contains("The cluster is down; its data is in");
    assertThat(status().at("/leader").asText()).isEqualTo("primary-0");
    assertThat(temp.resolve("other/members/primary-0/data")).isDirectory();

    done(other.run("local", "start", "primary-1"), "primary-1 is up");
    var failover = other.run("failover", "--force", "--accept-data-loss", "--to", "primary-1");
    assertThat(failover.out()).isEqualTo("primary-1 leads, epoch 2\n");
    assertThat(JSON.readTree(other.run("local", "status", "--json").out()).at("/inSync").toString())
        .isEqualTo("[\"primary-1\"]");
    assertThat(other.run("local", "down", "--purge").exitCode()).isZero();
  }
}
