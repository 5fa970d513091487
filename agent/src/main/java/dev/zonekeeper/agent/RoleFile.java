package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file {@code role}: {@code leader}, {@code standby} or {@code secondary}, for scripts. */
final class RoleFile {
  private static final Logger LOG = LoggerFactory.getLogger(RoleFile.class);

  private final Path file;

  RoleFile(Path runFolder) {
    this.file = runFolder.resolve("role");
  }

  void write(String role) {
    try {
      AtomicFile.write(file, (role + "\n").getBytes(StandardCharsets.US_ASCII), "rw-r--r--");
    } catch (IOException e) {
      LOG.warn("the role file cannot be written: {}", e.getMessage());
    }
  }
}
