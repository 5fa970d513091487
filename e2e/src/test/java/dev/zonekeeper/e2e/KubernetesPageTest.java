package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
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
  /** What the page promises: the kubelet brings a change into the pods within a minute or so. */
  private static final Duration SOON = Duration.ofMinutes(2);

  @RegisterExtension static final KubernetesExtension EXTENSION = new KubernetesExtension();

  @TempDir private Path folder;

  @Test
  void every_block_of_the_page_does_what_it_says() throws IOException {
    KubernetesRelease cluster = EXTENSION.cluster();
    List<String> blocks = PageShell.blocks("docs/kubernetes.md");
    assertThat(blocks).anyMatch(block -> block.contains("nsupdate"));
    PageShell shell = new PageShell(folder, cluster);
    for (String block : blocks) {
      String own = block.contains("IMAGE=") ? "NAMESPACE=page IMAGE=zonekeeper TAG=test\n" : "";
      if (block.contains("nsupdate -k")) {
        retried(() -> shell.run(block, own), block.contains("dig "));
      } else {
        shell.run(block, own).expect(0);
      }
    }
  }

  /** An update may come before the zone, a query before the transfer: the page says so. */
  private static void retried(Supplier<Program.Outcome> block, boolean asks) {
    AtomicReference<Program.Outcome> last = new AtomicReference<>();
    try {
      await()
          .atMost(SOON)
          .until(() -> {
            last.set(block.get());
            return last.get().exit() == 0 && (!asks || last.get().out().contains("\"works\""));
          });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("not within " + SOON + ":\n" + last.get(), e);
    }
  }
}
