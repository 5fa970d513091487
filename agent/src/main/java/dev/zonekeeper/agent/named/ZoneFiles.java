package dev.zonekeeper.agent.named;

import dev.zonekeeper.agent.config.ZoneFileName;
import dev.zonekeeper.core.ZoneSerial;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import org.xbill.DNS.Name;

/**
 * The zone files and journals of a member, in {@code dyn/} of its data folder. A zone has one file
 * whatever the member's role; BIND keeps the journal beside it, named as the file with {@code
 * .jnl}. Nothing is ever deleted here: what must go is moved to {@code quarantine/}.
 */
public final class ZoneFiles {
  private static final String FOLDER = "dyn";
  private static final String SUFFIX = ".zone";
  private static final Duration FIRST_POLL = Duration.ofMillis(5);
  private static final Duration LAST_POLL = Duration.ofMillis(160);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Path workDir;
  private final Clock clock;

  /**
   * @param workDir the member's data folder
   * @param clock names the folders of the quarantine
   */
  public ZoneFiles(Path workDir, Clock clock) {
    this.workDir = workDir.toAbsolutePath().normalize();
    this.clock = clock;
  }

  /** The zone's file: the same for equal names (RFC 4343), another for different ones. */
  public Path file(Name zone) {
    return workDir.resolve(relative(zone));
  }

  /** The zone's journal, as BIND names it. */
  public Path journal(Name zone) {
    Path file = file(zone);
    return file.resolveSibling(file.getFileName() + ".jnl");
  }

  /** Whether there is a file of the zone, or a journal. */
  public boolean exist(Name zone) {
    return Files.exists(file(zone)) || Files.exists(journal(zone));
  }

  /** How long the zone's journal is, in bytes; 0 if there is none. A promotion replays it. */
  public long journalSize(Name zone) throws IOException {
    try {
      return Files.size(journal(zone));
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /**
   * Puts a first zone file in place, unless the zone has one. A journal without a file is
   * quarantined, it belongs to something that is gone. Durable when {@link #force()} has returned.
   *
   * @param seedFile a zone file whose relative names are relative to the zone
   * @return whether it was put in place; false means that the zone has data, which stays
   */
  public boolean seed(Name zone, Path seedFile) throws IOException {
    Path file = file(zone);
    if (Files.exists(file)) {
      return false;
    }
    if (Files.exists(journal(zone))) {
      quarantine(zone, "a journal without its zone file was found when the zone was seeded");
    }
    Files.createDirectories(file.getParent());
    Path temporary = Files.createTempFile(file.getParent(), ".seed.", ".tmp");
    try {
      Files.copy(seedFile, temporary, StandardCopyOption.REPLACE_EXISTING);
      force(temporary);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    return true;
  }

  /** Makes durable which files there are. */
  public void force() throws IOException {
    force(workDir.resolve(FOLDER));
  }

  /**
   * Moves the zone's file and journal into a new folder of {@code quarantine/}, with the reason in
   * {@code reason.txt}. named must not have the zone loaded meanwhile. The file goes before its
   * journal: a crash between the two leaves a zone that is plainly empty, not an older one.
   *
   * @return the folder
   */
  public Path quarantine(Name zone, String reason) throws IOException {
    Path file = file(zone);
    Path folder = newFolder(STAMP.format(clock.instant()) + "-" + file.getFileName());
    Path why = folder.resolve("reason.txt");
    Files.writeString(
        why, "zone %s%n%s%n%s%n".formatted(zone, clock.instant(), reason), StandardCharsets.UTF_8);
    force(why);
    move(file, folder);
    move(journal(zone), folder);
    force(folder);
    if (Files.isDirectory(file.getParent())) {
      force(file.getParent());
    }
    return folder;
  }

  private Path newFolder(String name) throws IOException {
    Path all = workDir.resolve("quarantine");
    Files.createDirectories(all);
    Path folder = all.resolve(name);
    for (int i = 2; Files.exists(folder); i++) {
      folder = all.resolve(name + "-" + i);
    }
    Files.createDirectory(folder);
    force(all);
    return folder;
  }

  private static void move(Path file, Path folder) throws IOException {
    if (Files.exists(file)) {
      Files.move(file, folder.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * The serial in the SOA record at the head of the zone's file: what named starts from before it
   * replays the journal. Empty if there is no file or it does not start as BIND writes zones.
   */
  public OptionalLong savedSerial(Name zone) throws IOException {
    try {
      return SoaHead.serial(file(zone));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Waits until the zone's file holds this serial or a newer one (RFC 1982), then makes file and
   * folder durable. named writes a zone to a temporary file that it fsyncs and renames (it does not
   * fsync the folder), so a file that has the serial is complete. It does so by itself after a full
   * transfer, and some time after {@link Rndc#sync} has returned.
   *
   * @return whether the file has the serial; false if it did not within the time
   */
  public boolean durablySaved(Name zone, long serial, Duration within)
      throws IOException, InterruptedException {
    ZoneSerial wanted = new ZoneSerial(serial);
    long deadline = System.nanoTime() + within.toNanos();
    Duration poll = FIRST_POLL;
    while (true) {
      OptionalLong saved = savedSerial(zone);
      if (saved.isPresent() && new ZoneSerial(saved.getAsLong()).isAtLeast(wanted)) {
        force(file(zone));
        force(file(zone).getParent());
        return true;
      }
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      Thread.sleep(poll);
      poll = poll.compareTo(LAST_POLL) < 0 ? poll.multipliedBy(2) : LAST_POLL;
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The zone's file relative to the data folder. */
  static String relative(Name zone) {
    return FOLDER + "/" + ZoneFileName.of(zone) + SUFFIX;
  }
}
