package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that cannot be: one clear line on standard error, exit code 2, nothing changed. */
final class CommandLineErrorsTest {
  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local kill nobody-7",
        "local start nobody-7",
        "local wipe nobody-7",
        "local logs nobody-7",
        "switchover --to nobody-7",
        "failover --force --accept-data-loss --to nobody-7"
      })
  void an_unknown_member_is_refused_with_the_members_there_are(String command) {
    assertThat(refused(command).err()).contains("nobody-7").contains("primary-0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "switchover --to secondary-0",
        "failover --force --accept-data-loss --to secondary-0"
      })
  void a_secondary_cannot_be_made_the_leader(String command) {
    assertThat(refused(command).err()).contains("secondary-0");
  }

  @Test
  void a_forced_failover_wants_both_words() {
    String standby = EXTENSION.cluster().status().standbys().getFirst();

    assertThat(refused("failover --to " + standby).err()).contains("--force");
    assertThat(refused("failover --force --to " + standby).err()).contains("--accept-data-loss");
  }

  @Test
  void a_zone_that_exists_is_not_added() {
    assertThat(refused("zone add example.com").err()).contains("example.com");
  }

  @Test
  void a_zone_that_does_not_exist_is_not_removed() {
    assertThat(refused("zone remove nowhere.example").err()).contains("nowhere.example");
  }

  @Test
  void a_zone_file_that_named_checkzone_refuses_is_refused(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("broken.zone");
    Files.writeString(file, "@ SOA ns1 host 1 2 3 4 5\nwww A 192.0.2.300\n");

    assertThat(refused("zone add broken.example --file " + file).err()).contains("broken.zone");
    assertThat(refused("zone add broken.example --file " + folder.resolve("none")).err())
        .contains("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"local kill primary-0 --signal HUP", "local frobnicate", "local up --zones 3"})
  void what_the_command_line_does_not_know_is_refused(String command) {
    refused(command);
  }

  @Test
  void a_port_that_is_taken_is_named_and_nothing_is_left_behind(@TempDir Path folder) {
    int taken = EXTENSION.cluster().agent("primary-0").dns().getPort();
    Path dir = folder.resolve("another");

    Program.Outcome outcome = elsewhere(dir, "local", "up", "--base-port", "" + (taken - 1));

    assertOneLine(outcome.expect(2));
    assertThat(outcome.err()).contains("" + taken);
    assertThat(dir).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"local up", "local status", "local down", "zone list"})
  void a_folder_of_another_version_is_left_alone(String command, @TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("cluster.json"), "{\"version\": 99, \"novelty\": true}");
    Map<String, String> before = Folders.digests(folder, file -> true);

    Program.Outcome outcome = elsewhere(folder, command.split(" "));

    assertOneLine(outcome.expect(2));
    assertThat(outcome.err()).contains("version").contains("99");
    assertThat(Folders.digests(folder, file -> true)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"local status", "local down", "local kill primary-0", "zone list", "switchover"})
  void a_folder_without_a_cluster_is_told_how_to_get_one(String command, @TempDir Path folder) {
    Program.Outcome outcome = elsewhere(folder, command.split(" "));

    assertOneLine(outcome.expect(2));
    assertThat(outcome.err()).contains("local up");
    assertThat(Folders.digests(folder, file -> true)).isEmpty();
  }

  /** Runs it against the cluster and checks that it fails as it should. */
  private static Program.Outcome refused(String command) {
    LocalCluster cluster = EXTENSION.cluster();
    Map<String, String> before = configuration(cluster);

    Program.Outcome outcome = cluster.zonekeeper(command).expect(2);

    assertOneLine(outcome);
    assertThat(configuration(cluster)).as("what %s changed", command).isEqualTo(before);
    return outcome;
  }

  private static void assertOneLine(Program.Outcome outcome) {
    assertThat(outcome.err().strip().lines().toList())
        .as("standard error of %s", outcome)
        .hasSize(1);
    assertThat(outcome.out()).as("standard output of %s", outcome).isEmpty();
  }

  /** What only commands change, unlike logs, leases and journals. */
  private static Map<String, String> configuration(LocalCluster cluster) {
    return Folders.digests(
        cluster.dir(),
        file ->
            file.equals("cluster.json")
                || file.startsWith("keys/")
                || file.startsWith("seeds/")
                || file.endsWith("/agent.json")
                || file.endsWith(".pid"));
  }

  private static Program.Outcome elsewhere(Path dir, String... command) {
    List<String> line = new ArrayList<>(List.of(Repository.zonekeeper().toString()));
    line.addAll(List.of(command));
    line.addAll(List.of("--dir", dir.toString()));
    return Program.of(line).in(Repository.root()).run();
  }
}
