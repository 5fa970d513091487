package dev.zonekeeper.agent.lease;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zonekeeper.agent.config.AtomicFile;
import dev.zonekeeper.core.Lease;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The lease as a file that all members on one machine share.
 *
 * <p>A change holds an exclusive lock on {@code <file>.lock}, writes a temporary file, forces it to
 * the disk and renames it, so that a reader sees the old or the new lease and nothing between. The
 * version is the epoch and the revision, with the holder, so that a lease that was deleted and made
 * anew is a different one.
 */
public final class FileLeaseStore implements LeaseStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final WatchService watcher;

  /**
   * Opens the store.
   *
   * @param file the lease file; its folder is made when it is missing
   */
  public FileLeaseStore(Path file) throws IOException {
    this.file = file.toAbsolutePath().normalize();
    Path folder = this.file.getParent();
    Files.createDirectories(folder);
    this.watcher = folder.getFileSystem().newWatchService();
    folder.register(
        watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
  }

  @Override
  public Optional<Versioned> read() throws IOException {
    byte[] text;
    try {
      text = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return Optional.of(versioned(LeaseJson.fromJson(JSON.readTree(text))));
  }

  @Override
  public CasResult compareAndSet(Optional<String> expectedVersion, Lease next) throws IOException {
    return AtomicFile.locked(
        file,
        () -> {
          Optional<Versioned> now = read();
          if (!now.map(Versioned::version).equals(expectedVersion)) {
            return new Conflict(now);
          }
          AtomicFile.write(
              file,
              JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(LeaseJson.toJson(next)),
              "rw-r--r--");
          return new Applied(versioned(next));
        });
  }

  @Override
  public void awaitChange(Duration atMost) throws InterruptedException {
    try {
      WatchKey key = watcher.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (key != null) {
        key.pollEvents();
        key.reset();
      }
    } catch (ClosedWatchServiceException e) {
      TimeUnit.NANOSECONDS.sleep(atMost.toNanos());
    }
  }

  @Override
  public void close() throws IOException {
    watcher.close();
  }

  private static Versioned versioned(Lease lease) {
    return new Versioned(lease, lease.epoch() + "." + lease.revision() + "." + lease.renewedAt());
  }
}
