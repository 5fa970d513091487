package dev.zonekeeper.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Folders as a whole. */
final class Folders {
  private Folders() {}

  /** Removes a folder and all in it, if it is there. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder, e);
    }
  }

  /**
   * A digest of each file, and a mark for each folder, whose path below the folder satisfies the
   * condition: two of these maps are equal when nothing changed in between, and their difference
   * says what did.
   */
  static Map<String, String> digests(Path folder, Predicate<String> counts) {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(file -> !file.equals(folder)).toList()) {
        String name = folder.relativize(file).toString();
        if (counts.test(name) && Files.isDirectory(file)) {
          digests.put(name, "folder");
        } else if (counts.test(name)) {
          try {
            digests.put(name, digest(Files.readAllBytes(file)));
          } catch (NoSuchFileException e) {
            digests.put(name, "gone while it was read");
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digests;
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
