package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user without privileges runs a cluster on high ports, in the default folder. */
final class OrdinaryUserTest {
  private static final String USER = "nobody";

  @Test
  void runs_a_cluster_and_writes_to_it(@TempDir Path home) {
    assumeTrue("root".equals(System.getProperty("user.name")), "other tests run as this user");
    Program.of("chown", USER, home.toString()).run().expect(0);
    assumeTrue(
        as(home, "test", "-r", Repository.zonekeeper().toString()).exit() == 0,
        USER + " cannot read the repository");
    String base = Integer.toString(FreePorts.block(30));
    try {
      String said =
          zonekeeper(
                  home,
                  "local",
                  "up",
                  "--primaries",
                  "1",
                  "--secondaries",
                  "1",
                  "--min-in-sync",
                  "1",
                  "--base-port",
                  base)
              .expect(0)
              .out();
      assertThat(said).contains("nsupdate -k", "dig ");
      Status status = Status.parse(zonekeeper(home, "local", "status", "--json").expect(0).out());
      UpdateKey key = UpdateKey.read(Path.of(status.keyFile()));
      byte[] message = Updates.add(key, "www." + LocalCluster.ZONE, "192.0.2.1");
      assertThat(Updates.sendOverTcp(status.member("primary-0").dnsAddress(), message))
          .isEqualTo("NOERROR");
    } finally {
      zonekeeper(home, "local", "down", "--purge");
    }
  }

  private static Program.Outcome zonekeeper(Path home, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Repository.zonekeeper().toString()));
    command.addAll(List.of(arguments));
    return as(home, command.toArray(String[]::new));
  }

  private static Program.Outcome as(Path home, String... command) {
    List<String> line = new ArrayList<>(List.of("runuser", "-u", USER, "--"));
    line.addAll(List.of(command));
    return Program.of(line)
        .in(Repository.root())
        .with("HOME", home.toString())
        .with("XDG_STATE_HOME", home.resolve("state").toString())
        .within(LocalCluster.START)
        .run();
  }
}
