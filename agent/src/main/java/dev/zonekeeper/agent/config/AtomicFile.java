package dev.zonekeeper.agent.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file that is replaced as a whole: a reader sees the old content or the new, also after a crash.
 * Writers take turns through a lock file beside it.
 */
public final class AtomicFile {
  /** File locks are held by the process as a whole, so threads of one process take turns here. */
  private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private AtomicFile() {}

  /** What is done while the lock is held. */
  @FunctionalInterface
  public interface Work<T, X extends Exception> {
    /** Runs once. */
    T run() throws IOException, X;
  }

  /**
   * Replaces the file: temporary file, fsync, rename, fsync of the folder.
   *
   * @param permissions such as {@code rw-r--r--}
   */
  public static void write(Path file, byte[] content, String permissions) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(folder, "." + file.getFileName() + ".", ".tmp");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /**
   * Runs the work while no other process and no other thread that comes through here has the lock
   * of this file. The lock is the file {@code NAME.lock} beside it and is freed by the kernel when
   * its holder dies.
   */
  public static <T, X extends Exception> T locked(Path file, Work<T, X> work)
      throws IOException, X {
    Path lockFile = file.toAbsolutePath().normalize().resolveSibling(file.getFileName() + ".lock");
    ReentrantLock turn = THREADS.computeIfAbsent(lockFile, path -> new ReentrantLock());
    turn.lock();
    try (FileChannel channel =
            FileChannel.open(
                lockFile, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        FileLock lock = channel.lock()) {
      assert lock.isValid();
      return work.run();
    } finally {
      turn.unlock();
    }
  }
}
