package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image that pods run: what is written on it, what is in it, and that it works locked down. */
@Tag("kubernetes")
final class ContainerImageTest {
  @TempDir static Path folder;
  private static ContainerImage image;

  @BeforeAll
  static void anImage() throws IOException {
    image = ContainerImage.build(folder);
  }

  @AfterAll
  static void noLinksThatLeadOutOfTheFolder() {
    Program.of("rm", "-rf", "--one-file-system", folder.resolve("root").toString()).run().expect(0);
  }

  @Test
  void its_configuration_says_how_it_is_to_be_run() throws Exception {
    JsonNode config = image.configuration().get("config");

    assertThat(image.manifest().get("RepoTags"))
        .map(JsonNode::textValue)
        .containsExactly(ContainerImage.TAG);
    assertThat(config.get("User").textValue()).isEqualTo("10053:10053");
    assertThat(config.get("Entrypoint"))
        .map(JsonNode::textValue)
        .containsExactly("/usr/bin/zonekeeper");
    assertThat(config.get("Cmd")).map(JsonNode::textValue).containsExactly("agent", "--kubernetes");
    assertThat(config.at("/Labels/org.opencontainers.image.title").textValue())
        .isEqualTo("zonekeeper");
    assertThat(config.at("/Labels/org.opencontainers.image.licenses").textValue())
        .isEqualTo("Apache-2.0");
    assertThat(config.at("/Labels/org.opencontainers.image.version").textValue()).isNotEmpty();
  }

  @Test
  void its_digests_are_those_of_its_layers() throws Exception {
    List<String> layers = new ArrayList<>();
    for (JsonNode layer : image.manifest().get("Layers")) {
      layers.add("sha256:" + image.digest(layer.textValue()));
    }
    assertThat(image.configuration().at("/rootfs/diff_ids"))
        .map(JsonNode::textValue)
        .containsExactlyElementsOf(layers);
    String config = image.manifest().get("Config").textValue();
    assertThat(config).isEqualTo(image.digest(config) + ".json");
  }

  @Test
  void its_bill_of_materials_has_every_jar_bind_and_java() throws Exception {
    Path inside = image.root().resolve("usr/share/zonekeeper/sbom.cdx.json");
    assertThat(inside).hasSameTextualContentAs(image.billOfMaterials());
    JsonNode bill = new ObjectMapper().readTree(inside.toFile());
    Set<String> names = new HashSet<>();
    Set<String> digests = new HashSet<>();
    for (JsonNode component : bill.get("components")) {
      names.add(component.get("name").textValue());
      component.path("hashes").forEach(hash -> digests.add(hash.get("content").textValue()));
      if (component.get("name").textValue().equals("bind9")) {
        assertThat(component.get("purl").textValue()).startsWith("pkg:deb/debian/bind9@");
        assertThat(component.get("licenses").toString()).contains("MPL-2.0");
      }
    }

    assertThat(names).contains("debian", "bind9", "libc6", "openjdk", "dnsjava", "zonekeeper-cli");
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(image.root().resolve("usr/lib/zonekeeper/lib"))) {
      for (Path jar : jars) {
        assertThat(digests).as("%s", jar).contains(ContainerImage.digest(jar));
      }
    }
  }

  @Test
  void it_has_no_secret_no_program_that_changes_its_user_and_no_package_manager() {
    String suspicious =
        Program.of(
                "find",
                image.root().toString(),
                "-xdev",
                "(",
                "-name",
                "rndc.key",
                "-o",
                "-perm",
                "/6000",
                "-type",
                "f",
                "-o",
                "-name",
                "apt-get",
                ")")
            .run()
            .expect(0)
            .out();

    assertThat(suspicious).isEmpty();
  }

  @Test
  void its_programs_run_as_its_user() {
    assertThat(image.run("named", "-V").expect(0).out()).contains("BIND 9.20.");
    assertThat(image.run("/usr/lib/jvm/java/bin/java", "-version").expect(0).err())
        .contains("\"25");
    assertThat(image.run("zonekeeper", "--version").expect(0).out()).startsWith("zonekeeper ");
    assertThat(image.run("id", "-u", "-n").expect(0).out()).isEqualTo("zonekeeper\n");
  }

  @Test
  void a_member_works_on_a_read_only_file_system_without_capabilities() {
    int base = FreePorts.block(10);
    String script =
        """
        set -e
        zonekeeper local up --dir /tmp/c --primaries 1 --secondaries 0 --min-in-sync 1 --base-port %d
        printf 'server 127.0.0.1 %d\\nzone example.com\\nupdate add a.example.com 60 TXT it-works\\nsend\\n' |
          nsupdate -k /tmp/c/keys/demo-update.key
        dig +short @127.0.0.1 -p %d a.example.com TXT
        grep -h CapEff /proc/$(cat /tmp/c/members/primary-0/run/named.pid)/status
        zonekeeper local down --dir /tmp/c
        """
            .formatted(base, base + 1, base + 1);

    Program.Outcome outcome = image.run("sh", "-c", script).expect(0);

    assertThat(outcome.out()).contains("\"it-works\"\nCapEff:\t0000000000000000\n");
    assertThat(outcome.err()).doesNotContain("ead-only file system");
  }
}
