package dev.zonekeeper.campaign.subject;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;

/**
 * A member's disk.
 *
 * @param folder the member's data
 */
record SmallDisk(Path folder) {
  private static final int CHUNK_BYTES = 64 * 1024;

  /** Puts a file system of 64 MiB in the memory there. For root, while nobody uses the folder. */
  void mount() throws IOException, InterruptedException {
    Path aside = aside();
    Files.move(folder, aside);
    Files.createDirectory(folder);
    Program.run(List.of("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder.toString()));
    Program.run(List.of("cp", "-a", aside + "/.", folder.toString()));
  }

  /** Puts what is on it, if it is mounted, back to where the folder was before. */
  void unmountIfMounted() throws IOException, InterruptedException {
    if (!Files.exists(aside())) {
      return;
    }
    delete(aside(), true);
    Program.run(List.of("cp", "-a", folder.toString(), aside().toString()));
    Program.run(List.of("umount", "-l", folder.toString()));
    delete(folder, true);
    Files.move(aside(), folder);
  }

  private Path aside() {
    return folder.resolveSibling("data-aside");
  }

  /** Until not one byte more fits. */
  void fill() throws IOException {
    byte[] zeros = new byte[CHUNK_BYTES];
    try (OutputStream out = Files.newOutputStream(filler())) {
      for (int size = CHUNK_BYTES; size > 0; ) {
        size = writes(out, Arrays.copyOf(zeros, size)) ? size : size / 2;
      }
    }
  }

  private static boolean writes(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
      return true;
    } catch (IOException full) {
      return false;
    }
  }

  /** Gives the room back. */
  void free() throws IOException {
    Files.deleteIfExists(filler());
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  /** Throws away what is on it; the folder itself stays. */
  void empty() throws IOException {
    delete(folder, false);
  }

  /** Deletes a folder with all in it, or just all in it. */
  static void delete(Path folder, boolean itself) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path done, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            if (itself || !done.equals(folder)) {
              Files.deleteIfExists(done);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
