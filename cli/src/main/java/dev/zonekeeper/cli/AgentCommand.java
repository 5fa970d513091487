package dev.zonekeeper.cli;

import dev.zonekeeper.agent.Agent;
import dev.zonekeeper.agent.LocalSurroundings;
import dev.zonekeeper.agent.config.AgentFile;
import dev.zonekeeper.agent.config.AtomicFile;
import dev.zonekeeper.agent.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code zonekeeper agent}: runs one member. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = "Run one member in the foreground, until SIGTERM.")
final class AgentCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The member's agent.json.")
  private Path config;

  @Option(
      names = "--log-format",
      defaultValue = "text",
      paramLabel = "text|json",
      description =
          "The log: text on stderr, or a JSON object per line on stdout (${DEFAULT-VALUE}).")
  private Logging.Format logFormat;

  @Override
  public Integer call() throws Exception {
    AgentFile file;
    try {
      file = AgentFile.load(config);
    } catch (ConfigException wrong) {
      throw CommandFailed.refused(wrong.getMessage(), wrong);
    }
    Files.createDirectories(file.settings().run());
    AtomicFile.write(
        file.settings().run().resolve("agent.pid"),
        (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII),
        "rw-r--r--");
    Logging.ofAgent(logFormat, file.settings().member());
    Agent.run(file.settings(), new LocalSurroundings(file));
    return 0;
  }
}
