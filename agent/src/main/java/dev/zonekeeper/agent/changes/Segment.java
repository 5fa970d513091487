package dev.zonekeeper.agent.changes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * One file of the log: records, each a length, a checksum (CRC-32C) of the content, and the
 * content. A record that is torn ends the file. One that was read is not written to any more.
 */
final class Segment {
  static final String SUFFIX = ".changes";
  private static final int HEAD = 2 * Integer.BYTES;

  private final Path file;
  private final Optional<FileChannel> channel;
  private long size;

  /** How many entries somebody may need; guarded by the log's lock. */
  int entries;

  private Segment(Path file, Optional<FileChannel> channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * A file that is there, to be read. It is forced first: whoever wrote it may have died before
   * that, and what is read of it is taken for durable.
   */
  static Segment existing(Path file) throws IOException {
    force(file);
    return new Segment(file, Optional.empty());
  }

  /** Makes a file, or a folder and which files are in it, durable. */
  static void force(Path path) throws IOException {
    try (FileChannel opened = FileChannel.open(path, StandardOpenOption.READ)) {
      opened.force(true);
    }
  }

  /** A new file, which a crash does not take away. */
  static Segment after(Path folder, Optional<Long> last) throws IOException {
    Path file = folder.resolve("%016d%s".formatted(last.orElse(0L) + 1, SUFFIX));
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    force(folder);
    return new Segment(file, Optional.of(channel));
  }

  long number() {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
  }

  boolean isOpen() {
    return channel.isPresent();
  }

  long size() {
    return size;
  }

  void write(ByteBuffer content) throws IOException {
    ByteBuffer bytes = framed(content);
    while (bytes.hasRemaining()) {
      size += channel.orElseThrow().write(bytes);
    }
  }

  /** The bytes of a record. */
  static ByteBuffer framed(ByteBuffer content) {
    return ByteBuffer.allocate(HEAD + content.remaining())
        .putInt(content.remaining())
        .putInt(checksum(content))
        .put(content.duplicate())
        .flip();
  }

  void force() throws IOException {
    if (channel.isPresent()) {
      channel.get().force(false);
    }
  }

  /** The contents of all records up to the first that is torn. */
  List<ByteBuffer> contents() throws IOException {
    return contents(Files.readAllBytes(file));
  }

  /** The same of what a file has; views of its bytes. */
  static List<ByteBuffer> contents(byte[] file) {
    List<ByteBuffer> contents = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(file);
    while (bytes.remaining() >= HEAD) {
      int length = bytes.getInt();
      int checksum = bytes.getInt();
      if (length <= 0 || length > bytes.remaining()) {
        break;
      }
      ByteBuffer content = bytes.slice(bytes.position(), length);
      if (checksum(content) != checksum) {
        break;
      }
      contents.add(content);
      bytes.position(bytes.position() + length);
    }
    return contents;
  }

  private static int checksum(ByteBuffer content) {
    CRC32C crc = new CRC32C();
    crc.update(content.duplicate());
    return (int) crc.getValue();
  }

  /** Removes the file; true when it is gone. */
  boolean remove() throws IOException {
    close();
    Files.deleteIfExists(file);
    return true;
  }

  void close() throws IOException {
    if (channel.isPresent()) {
      channel.get().close();
    }
  }
}
