package dev.zonekeeper.agent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the cluster file. A content that cannot be used is reported once and leaves the last good
 * one in force.
 */
public final class ClusterWatch implements ClusterSource {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

  private final Path file;
  private final Duration every;
  private volatile ClusterFile current;
  private Object seen;

  /**
   * Reads the file.
   *
   * @param every how often to look at it
   * @throws ConfigException it cannot be used
   */
  public ClusterWatch(Path file, Duration every) throws IOException, ConfigException {
    this.file = file;
    this.every = every;
    this.seen = fingerprint();
    this.current = ClusterFile.load(file);
  }

  @Override
  public ClusterFile current() {
    return current;
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
      Object now = fingerprint();
      if (now.equals(seen)) {
        return;
      }
      seen = now;
      ClusterFile next = ClusterFile.load(file);
      if (!next.equals(current)) {
        current = next;
        onChange.accept(next);
      }
    } catch (IOException | ConfigException e) {
      LOG.error(
          "the cluster file is not used, the last good one stays in force: {}", e.getMessage());
    }
  }

  private Object fingerprint() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return attributes.fileKey() + "/" + attributes.lastModifiedTime() + "/" + attributes.size();
  }
}
