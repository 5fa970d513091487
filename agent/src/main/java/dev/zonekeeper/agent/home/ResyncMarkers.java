package dev.zonekeeper.agent.home;

import dev.zonekeeper.agent.config.AtomicFile;
import dev.zonekeeper.agent.config.ZoneFileName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * One mark per zone whose data is being replaced by a full transfer. named removes the old data
 * before the new is on the disk; while the mark stands this member confirms nothing for the zone
 * and takes over nothing.
 *
 * <p>A mark is durable where there is data that can be lost. A zone of which nothing is on the disk
 * yet is marked in memory alone.
 */
public final class ResyncMarkers {
  private final Path folder;
  private final Map<Name, Path> durable = new ConcurrentHashMap<>();
  private final Set<Name> standing = ConcurrentHashMap.newKeySet();

  ResyncMarkers(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.zone")) {
      for (Path file : files) {
        durable.put(zoneOf(file), file);
      }
    }
    standing.addAll(durable.keySet());
  }

  /** Sets the mark; durable when this returns. */
  public void set(Name zone) throws IOException {
    Path file = durable.getOrDefault(zone, folder.resolve(ZoneFileName.of(zone) + ".zone"));
    AtomicFile.write(file, (zone + "\n").getBytes(StandardCharsets.US_ASCII), "rw-r--r--");
    durable.put(zone, file);
    standing.add(zone);
  }

  /**
   * Marks a zone of which nothing is on the disk. Should all end now, it is as it was: without any
   * data, and nothing confirmed.
   */
  public void setWithoutData(Name zone) {
    standing.add(zone);
  }

  /** Removes the mark; the zone's data must be durable before. */
  public void remove(Name zone) throws IOException {
    Path file = durable.get(zone);
    if (file != null) {
      Files.deleteIfExists(file);
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
      durable.remove(zone);
    }
    standing.remove(zone);
  }

  /** Whether the zone is marked. */
  public boolean isSet(Name zone) {
    return standing.contains(zone);
  }

  /** Whether no zone is marked. */
  public boolean isEmpty() {
    return standing.isEmpty();
  }

  /** How many zones are marked. */
  public int size() {
    return standing.size();
  }

  /** The zones whose data is lost if named, or this process, ends now. */
  public Set<Name> losable() {
    return new HashSet<>(durable.keySet());
  }

  /** Nothing has been promised for any zone any more. */
  void clear() throws IOException {
    for (Name zone : new HashSet<>(standing)) {
      remove(zone);
    }
  }

  /** What the file is called is for people. */
  private static Name zoneOf(Path file) throws IOException {
    try {
      return Name.fromString(Files.readString(file, StandardCharsets.US_ASCII).strip());
    } catch (TextParseException e) {
      throw new IOException("resync marker " + file + " names no zone", e);
    }
  }
}
