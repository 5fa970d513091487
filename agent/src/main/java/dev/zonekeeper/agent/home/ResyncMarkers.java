package dev.zonekeeper.agent.home;

import dev.zonekeeper.agent.config.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * One durable mark per zone whose data is being replaced by a full transfer. named removes the old
 * data before the new is on the disk; while the mark stands this member confirms nothing for the
 * zone and takes over nothing.
 */
public final class ResyncMarkers {
  private final Path folder;
  private final Set<Name> standing = ConcurrentHashMap.newKeySet();

  ResyncMarkers(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.zone")) {
      for (Path file : files) {
        standing.add(zoneOf(file));
      }
    }
  }

  /** Sets the mark; durable when this returns. */
  public void set(Name zone) throws IOException {
    AtomicFile.write(fileOf(zone), (zone + "\n").getBytes(StandardCharsets.US_ASCII), "rw-r--r--");
    standing.add(zone);
  }

  /** Removes the mark; the zone's data must be durable before. */
  public void remove(Name zone) throws IOException {
    Files.deleteIfExists(fileOf(zone));
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
    standing.remove(zone);
  }

  /** Whether the zone is marked. */
  public boolean isSet(Name zone) {
    return standing.contains(zone);
  }

  /** The marked zones. */
  public Set<Name> all() {
    return new HashSet<>(standing);
  }

  void clear() throws IOException {
    for (Name zone : all()) {
      remove(zone);
    }
  }

  private Path fileOf(Name zone) {
    String text = zone.toString().replace("/", "\\047");
    return folder.resolve(text + "zone");
  }

  private static Name zoneOf(Path file) throws IOException {
    String text = file.getFileName().toString().replace("\\047", "/");
    try {
      return Name.fromString(text.substring(0, text.length() - "zone".length()));
    } catch (TextParseException e) {
      throw new IOException("resync marker " + file + " names no zone", e);
    }
  }
}
