package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What scripts and orchestrators see of a healthy cluster. */
final class StatusTest {
  @RegisterExtension static final ClusterExtension EXTENSION = ClusterExtension.shared();

  @Test
  void the_json_has_the_fields_that_scripts_depend_on() throws IOException {
    JsonNode json =
        new ObjectMapper()
            .readTree(EXTENSION.cluster().zonekeeper("local status", "--json").expect(0).out());

    assertThat(json.fieldNames())
        .toIterable()
        .contains(
            "cluster", "epoch", "leader", "inSync", "minInSync", "keyFile", "zones", "members");
    assertThat(json.get("zones").get(0).fieldNames())
        .toIterable()
        .contains("name", "serial", "committed");
    for (JsonNode member : json.get("members")) {
      assertThat(member.fieldNames())
          .toIterable()
          .contains(
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
    }
  }

  @Test
  void one_primary_leads_the_others_stand_by_and_each_says_why() {
    Status status =
        Status.parse(EXTENSION.cluster().zonekeeper("local status", "--json").expect(0).out());

    assertThat(status.epoch()).isPositive();
    assertThat(status.minInSync()).isEqualTo(2);
    assertThat(status.members())
        .allSatisfy(member -> {
          String role =
              !member.primary()
                  ? "secondary"
                  : member.name().equals(status.leader()) ? "leader" : "standby";
          assertThat(member.role()).as(member.name()).isEqualTo(role);
          assertThat(member.why()).as(member.name()).isNotBlank().doesNotContain("\n");
          assertThat(ProcessHandle.of(member.agentPid())).as(member.name()).isPresent();
          assertThat(ProcessHandle.of(member.namedPid())).as(member.name()).isPresent();
        });
  }

  @Test
  void the_role_file_of_each_member_says_its_role() throws IOException {
    for (Status.Member member : EXTENSION.cluster().status().members()) {
      Path file = EXTENSION.cluster().agent(member.name()).run().resolve("role");
      assertThat(Files.readString(file).strip()).as("%s", file).isEqualTo(member.role());
    }
  }

  @Test
  void the_probes_of_every_member_are_well_and_only_the_leader_says_it_leads() {
    Status status = EXTENSION.cluster().status();
    for (Status.Member member : status.members()) {
      for (String probe : List.of("/livez", "/readyz", "/status", "/metrics")) {
        assertThat(Probe.of(member, probe).isOk()).as(member.name() + probe).isTrue();
      }
      assertThat(Probe.of(member, "/readyz/leader").isOk())
          .as(member.name() + " says it leads")
          .isEqualTo(member.name().equals(status.leader()));
    }
  }
}
