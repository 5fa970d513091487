package dev.zonekeeper.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the cluster file and its key files. A content that cannot be used is reported once and
 * leaves the last good one in force.
 */
public final class ClusterWatch implements ClusterSource {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

  private final ConfigWatch<ClusterFile> file;
  private final Duration every;

  /**
   * Reads the file.
   *
   * @param every how often to look at it
   * @throws ConfigException it cannot be used
   */
  public ClusterWatch(Path file, Duration every) throws ConfigException {
    this.file =
        new ConfigWatch<>(
            file,
            ClusterFile::load,
            cluster -> cluster.keys().stream().map(ClusterFile.Key::file).toList());
    this.every = every;
  }

  @Override
  public ClusterFile current() {
    return file.current();
  }

  @Override
  public void run(Consumer<ClusterFile> onChange) throws InterruptedException {
    while (!Thread.interrupted()) {
      Thread.sleep(every);
      look(onChange);
    }
  }

  private void look(Consumer<ClusterFile> onChange) {
    try {
      if (file.look()) {
        onChange.accept(file.current());
      }
    } catch (ConfigException e) {
      LOG.error(
          "the cluster file is not used, the last good one stays in force: {}", e.getMessage());
    }
  }
}
