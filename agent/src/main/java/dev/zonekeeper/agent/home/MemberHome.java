package dev.zonekeeper.agent.home;

import dev.zonekeeper.agent.config.AtomicFile;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.Memory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's data folder: whose data it is ({@code member.json}: the incarnation, the last lease
 * seen, the highest epoch heard of), the resync markers, and the lock that keeps a second agent
 * out.
 */
public final class MemberHome implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemberHome.class);

  private final String member;
  private final Path data;
  private final Path memberFile;
  private final FileChannel lockChannel;
  private final FileLock lock;
  private final ResyncMarkers markers;
  private final SecureRandom random;
  private String incarnation;
  private Memory memory = Memory.NOTHING;

  private MemberHome(
      String member, Path data, FileChannel lockChannel, FileLock lock, SecureRandom random)
      throws IOException {
    this.member = member;
    this.data = data;
    this.memberFile = data.resolve("member.json");
    this.lockChannel = lockChannel;
    this.lock = lock;
    this.random = random;
    this.markers = new ResyncMarkers(data.resolve("resync"));
  }

  /**
   * Opens the folder, and decides whether its data is what this member had before: an empty folder,
   * a resync marker, or zone files that are gone make a new incarnation.
   *
   * @throws IOException another agent uses the folder, or it cannot be read or written
   */
  public static MemberHome open(String member, Path data, SecureRandom random) throws IOException {
    Files.createDirectories(data.resolve("dyn"));
    FileChannel channel =
        FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      LOG.debug("locked by this process", e);
    }
    if (lock == null) {
      channel.close();
      throw new IOException("another agent runs on " + data);
    }
    MemberHome home = new MemberHome(member, data, channel, lock, random);
    try {
      home.load();
    } catch (IOException e) {
      home.close();
      throw e;
    }
    return home;
  }

  /** Who this member is at present. */
  public synchronized MemberId id() {
    return new MemberId(member, incarnation);
  }

  /** What this member has seen of leases and epochs, in whatever life of the process. */
  public synchronized Memory memory() {
    return memory;
  }

  /** The zones whose data is not safe on the disk yet. */
  public ResyncMarkers markers() {
    return markers;
  }

  /** Whether there is no zone data and there never was a lease. */
  public synchronized boolean isFresh() throws IOException {
    return memory.lease().isEmpty() && hasNoZoneFiles();
  }

  /**
   * Keeps this on the disk; durable when it returns.
   *
   * @throws IOException it is not known whether it is on the disk
   */
  public synchronized void remember(Memory wanted) throws IOException {
    if (!wanted.equals(memory)) {
      save(wanted);
      memory = wanted;
    }
  }

  /**
   * The data is not what it was: whoever counted on it must not any more. Durable when this
   * returns; the resync markers are gone then, as the new incarnation has promised nothing to
   * anybody.
   */
  public synchronized MemberId newIncarnation(String reason) throws IOException {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    String before = incarnation;
    incarnation = HexFormat.of().formatHex(bytes);
    save(memory);
    markers.clear();
    LOG.warn(
        "{} is incarnation {} now{}: {}",
        member,
        incarnation,
        before == null ? "" : " (was " + before + ")",
        reason);
    return id();
  }

  @Override
  public void close() throws IOException {
    lock.release();
    lockChannel.close();
  }

  private void load() throws IOException {
    if (!Files.exists(memberFile)) {
      newIncarnation(hasNoZoneFiles() ? "its data folder is new" : "member.json is gone");
      return;
    }
    try {
      MemberFile file = MemberFile.of(Files.readAllBytes(memberFile));
      incarnation = file.incarnation();
      memory = file.memory();
    } catch (IOException e) {
      throw new IOException(
          ("%s cannot be read: %s. If it is damaged, remove it: this member then takes its data for"
                  + " lost, and gets all of it anew")
              .formatted(memberFile, e.getMessage()),
          e);
    }
    if (!markers.isEmpty()) {
      newIncarnation(
          "a full transfer of "
              + markers.losable()
              + " was under way when it ended, data may be lost");
    } else if (hasNoZoneFiles() && memory.lease().filter(l -> l.isInSync(id())).isPresent()) {
      newIncarnation("its zone files are gone");
    }
  }

  private void save(Memory wanted) throws IOException {
    AtomicFile.write(memberFile, new MemberFile(incarnation, wanted).toBytes(member), "rw-r--r--");
  }

  private boolean hasNoZoneFiles() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(data.resolve("dyn"))) {
      return !files.iterator().hasNext();
    }
  }
}
