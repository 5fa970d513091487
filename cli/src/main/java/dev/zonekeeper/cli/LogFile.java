package dev.zonekeeper.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A log that grows: its last lines, and what has been added since. */
final class LogFile {
  private static final int CHUNK_BYTES = 1 << 20;

  private final Path file;
  private long position;

  LogFile(Path file, long position) {
    this.file = file;
    this.position = position;
  }

  /** The last lines, at most so many, from the last MiB; none when there is no file. */
  static List<String> tail(Path file, int lines) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    long size = Files.size(file);
    List<String> all = new LogFile(file, Math.max(0, size - CHUNK_BYTES)).added();
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }

  /** A log that is followed from its present end. */
  static LogFile atEnd(Path file) throws IOException {
    return new LogFile(file, Files.exists(file) ? Files.size(file) : 0);
  }

  /** The complete lines added since the last call. Starts over when the file was replaced. */
  List<String> added() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      if (in.length() < position) {
        position = 0;
      }
      byte[] bytes = new byte[(int) Math.min(CHUNK_BYTES, in.length() - position)];
      in.seek(position);
      in.readFully(bytes);
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      if (end == 0 && bytes.length == CHUNK_BYTES) {
        end = bytes.length;
      }
      position += end;
      return new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
    }
  }
}
