package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that are lost, grown, of another class, or none, while clients write. */
@Tag("kubernetes")
@Order(Integer.MAX_VALUE)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class KubernetesStorageTest {
  @RegisterExtension static final KubernetesExtension EXTENSION = new KubernetesExtension();

  private static final KubernetesDeeds DEEDS = new KubernetesDeeds(EXTENSION);

  @AfterAll
  static void print() {
    DEEDS.close();
  }

  @Test
  @Order(1)
  void a_standby_loses_its_volume() {
    DEEDS.whileClientsWrite(
        "a standby's pod and its volume deleted",
        (cluster, leader) -> {
          String pod = cluster.standby(leader);
          cluster.kubectl("delete", "pvc", "data-" + pod, "--wait=false").run().expect(0);
          cluster.kubectl("delete", "pod", pod).run().expect(0);
        });
  }

  @Test
  @Order(2)
  void the_leader_loses_its_volume() {
    DEEDS.whileClientsWrite(
        "the leader's pod and its volume deleted",
        (cluster, leader) -> {
          cluster.kubectl("delete", "pvc", "data-" + leader, "--wait=false").run().expect(0);
          cluster.kubectl("delete", "pod", leader).run().expect(0);
          assertThat(cluster.leader()).isNotEqualTo(leader);
        });
  }

  /** The commands of docs/kubernetes-storage.md, as they stand there. */
  @Test
  @Order(3)
  void the_page_grows_the_volumes_and_brings_a_member_to_another_class(@TempDir Path folder)
      throws IOException {
    KubernetesRelease release = EXTENSION.release();
    release.moveTheLeadTo("demo-primary-0");
    PageShell shell = new PageShell(folder, release);
    Files.copy(release.values(), folder.resolve("demo.yaml"));
    List<String> blocks = PageShell.blocks("docs/kubernetes-storage.md");
    DEEDS.whileClientsWrite(
        "larger volumes, and another class",
        (cluster, leader) -> blocks.forEach(block -> shell.run(block, "").expect(0)));
    JsonNode grown = release.claim("demo-primary-0").path("spec");
    assertThat(grown.at("/resources/requests/storage").asText()).isEqualTo("5Gi");
    assertThat(grown.path("storageClassName").asText()).isEqualTo("local");
    JsonNode another = release.claim("demo-primary-2").path("spec");
    assertThat(another.path("storageClassName").asText()).isEqualTo("fast");
  }

  @Test
  @Order(4)
  void the_storage_is_changed_from_volumes_to_none() {
    DEEDS.whileClientsWrite(
        "from volumes to emptyDir",
        (cluster, leader) -> {
          cluster.changeStorage("emptyDir");
          cluster.awaitRollout();
        });
  }

  @Test
  @Order(5)
  void without_volumes_a_pod_that_comes_back_empty_is_a_new_member() {
    EXTENSION.release().changeStorage("emptyDir");
    DEEDS.whileClientsWrite(
        "emptyDir: the leader's pod deleted by force",
        (cluster, leader) -> {
          String before = cluster.incarnation(leader);
          cluster.kubectl("delete", "pod", leader, "--grace-period=0", "--force").run().expect(0);
          cluster.awaitAnotherLeader(leader);
          cluster.awaitWhole();
          assertThat(cluster.incarnation(leader)).isNotEqualTo(before);
        });
  }
}
