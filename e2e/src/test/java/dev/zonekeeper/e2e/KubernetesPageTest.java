package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of docs/kubernetes.md, block by block, in one shell, as its reader would run them.
 * Their own are the image's name and the namespace; the cluster of the other tests is gone
 * meanwhile.
 */
@Tag("kubernetes")
@Order(1)
final class KubernetesPageTest {
  private static final Duration BLOCK = Duration.ofMinutes(8);

  /** What the page promises: the kubelet brings a change into the pods within a minute or so. */
  private static final Duration SOON = Duration.ofMinutes(2);

  @RegisterExtension static final KubernetesExtension EXTENSION = new KubernetesExtension();

  @TempDir private Path folder;

  @Test
  void every_block_of_the_page_does_what_it_says() throws IOException {
    KubernetesRelease cluster = EXTENSION.cluster();
    List<String> blocks = blocks("docs/kubernetes.md");
    assertThat(blocks).anyMatch(block -> block.contains("nsupdate"));
    Path helm = folder.resolve("helm");
    Files.writeString(
        helm,
        """
        #!/bin/sh
        exec '%s/bin/java' --enable-native-access=ALL-UNNAMED -cp '%s' %s "$@"
        """
            .formatted(
                System.getProperty("java.home"),
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                HelmProgram.class.getName()));
    Files.setPosixFilePermissions(helm, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(folder.resolve("kubectl"), Path.of(cluster.kubectlProgram()));
    Files.createSymbolicLink(folder.resolve("deploy"), Repository.root().resolve("deploy"));
    Path variables = Files.createFile(folder.resolve("variables"));
    String shell =
        "set -e; cd '%s'; export PATH='%s':$PATH KUBECONFIG='%s'; . '%s'%n"
            .formatted(folder, folder, cluster.kubeconfig(), variables);
    String keep =
        "declare -p CLUSTER IMAGE NAMESPACE RO RW TAG ZONE >'%s' 2>/dev/null || true%n"
            .formatted(variables);
    for (String block : blocks) {
      String own = block.contains("IMAGE=") ? "NAMESPACE=page IMAGE=zonekeeper TAG=test\n" : "";
      String script = shell + block + own + keep;
      if (block.contains("nsupdate -k")) {
        retried(script, block.contains("dig "));
      } else {
        run(script).expect(0);
      }
    }
  }

  /** An update may come before the zone, a query before the transfer: the page says so. */
  private void retried(String script, boolean asks) {
    AtomicReference<Program.Outcome> last = new AtomicReference<>();
    try {
      await()
          .atMost(SOON)
          .until(() -> {
            last.set(run(script));
            return last.get().exit() == 0 && (!asks || last.get().out().contains("\"works\""));
          });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("not within " + SOON + ":\n" + last.get(), e);
    }
  }

  private static Program.Outcome run(String script) {
    return Program.of("bash", "-c", script).within(BLOCK).run();
  }

  private static List<String> blocks(String page) throws IOException {
    List<String> blocks = new ArrayList<>();
    boolean inBlock = false;
    for (String line : Files.readAllLines(Repository.root().resolve(page))) {
      if (line.startsWith("```")) {
        inBlock = line.equals("```sh");
        if (inBlock) {
          blocks.add("");
        }
      } else if (inBlock) {
        blocks.add(blocks.removeLast() + line + "\n");
      }
    }
    return blocks;
  }
}
