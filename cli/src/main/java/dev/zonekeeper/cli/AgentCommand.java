package dev.zonekeeper.cli;

import dev.zonekeeper.agent.Agent;
import dev.zonekeeper.agent.LocalSurroundings;
import dev.zonekeeper.agent.config.AgentFile;
import dev.zonekeeper.agent.config.AtomicFile;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.named.BadConfiguration;
import dev.zonekeeper.agent.named.NamedFailure;
import dev.zonekeeper.kubernetes.KubernetesSurroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code zonekeeper agent}: runs one member. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = "Run one member in the foreground, until SIGTERM.")
final class AgentCommand implements Callable<Integer> {
  @ArgGroup(multiplicity = "1")
  private Where where;

  /** One of them. */
  static final class Where {
    @Option(names = "--config", paramLabel = "FILE", description = "The member's agent.json.")
    private Path config;

    @Option(
        names = "--kubernetes",
        description = "The member that this pod is, by its environment and its volumes.")
    private boolean kubernetes;
  }

  @Option(
      names = "--root",
      hidden = true,
      paramLabel = "DIR",
      defaultValue = "/",
      description = "With --kubernetes: where the container's folders are.")
  private Path root;

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      description =
          "The log: text on stderr, or a JSON object per line on stdout. Default: text; json with"
              + " --kubernetes.")
  private Optional<Logging.Format> logFormat;

  @Override
  public Integer call() throws Exception {
    try {
      if (where.kubernetes) {
        onKubernetes();
      } else {
        onThisMachine();
      }
    } catch (ConfigException | BadConfiguration | NamedFailure wrong) {
      throw CommandFailed.refused(wrong.getMessage(), wrong);
    }
    return 0;
  }

  private void onKubernetes() throws Exception {
    Logging.ofAgent(
        logFormat.orElse(Logging.Format.JSON), System.getenv().getOrDefault("POD_NAME", ""));
    KubernetesSurroundings surroundings = KubernetesSurroundings.here(System.getenv(), root);
    Orphans.waitForIfFirst();
    Agent.run(surroundings.settings(), surroundings);
  }

  private void onThisMachine() throws Exception {
    AgentFile file = AgentFile.load(where.config);
    writePid(file.settings().run());
    Logging.ofAgent(logFormat.orElse(Logging.Format.TEXT), file.settings().member());
    Orphans.waitForIfFirst();
    Agent.run(file.settings(), new LocalSurroundings(file));
  }

  private static void writePid(Path run) throws IOException {
    Files.createDirectories(run);
    AtomicFile.write(
        run.resolve("agent.pid"),
        (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII),
        "rw-r--r--");
  }
}
