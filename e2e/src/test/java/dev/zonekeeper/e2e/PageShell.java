package dev.zonekeeper.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the commands of a page of the documents run as they stand there: a folder with a {@code
 * kubectl}, a {@code helm} and the chart, and variables that last from block to block.
 */
final class PageShell {
  private static final Duration BLOCK = Duration.ofMinutes(8);

  private final Path folder;
  private final Path variables;
  private final Path kubeconfig;

  PageShell(Path folder, KubernetesRelease cluster) throws IOException {
    this.folder = folder;
    this.kubeconfig = cluster.kubeconfig();
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
    this.variables = Files.createFile(folder.resolve("variables"));
  }

  /**
   * Runs a block.
   *
   * @param own what the test says after it, such as names of its own
   */
  Program.Outcome run(String block, String own) {
    String script =
        """
        set -e; cd '%s'; export PATH='%s':$PATH KUBECONFIG='%s'; . '%s'
        %s%s
        declare -p CLUSTER IMAGE NAMESPACE RO RW TAG ZONE >'%s' 2>/dev/null || true
        """
            .formatted(folder, folder, kubeconfig, variables, block, own, variables);
    return Program.of("bash", "-c", script).within(BLOCK).run();
  }

  /** The blocks of commands of a page, in order. */
  static List<String> blocks(String page) throws IOException {
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
