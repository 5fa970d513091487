package dev.zonekeeper.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files in {@code src/test/resources/dev/zonekeeper/dns/corpus}: what fuzz tests begin with.
 * Those that end in {@code .dns} are one message each, those in {@code .tcp} what goes over a TCP
 * connection in one direction, each message behind its length.
 */
final class FuzzCorpus {
  private FuzzCorpus() {}

  static List<byte[]> messages() {
    return files(".dns");
  }

  static List<byte[]> streams() {
    return files(".tcp");
  }

  private static List<byte[]> files(String ending) {
    try (Stream<Path> files = Files.list(Path.of(FuzzCorpus.class.getResource("corpus").toURI()))) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .sorted()
          .map(FuzzCorpus::bytes)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
