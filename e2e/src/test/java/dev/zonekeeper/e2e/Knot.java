package dev.zonekeeper.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Knot DNS as a secondary of a zone: a name server nobody here wrote, in a folder of its own. */
final class Knot implements AutoCloseable {
  private final Path folder;
  private final int port;
  private Process process;

  private Knot(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts it.
   *
   * @param port where it listens on 127.0.0.1
   * @param primaries where it asks, in this order
   */
  static Knot start(int port, String zone, List<InetSocketAddress> primaries, UpdateKey key) {
    Program.assumeInstalled("knotd");
    try {
      Knot knot = new Knot(Files.createTempDirectory("zonekeeper-knot-"), port);
      knot.run(zone, primaries, key);
      return knot;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start knotd", e);
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Lines of its log that contain the words. */
  List<String> mentions(String words) {
    try {
      return Files.readAllLines(log()).stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).contains(words.toLowerCase(Locale.ROOT)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All it logged, for a failure's message. */
  String log(String heading) {
    return heading + "\n" + String.join("\n", mentions(""));
  }

  private void run(String zone, List<InetSocketAddress> primaries, UpdateKey key)
      throws IOException {
    Path config = folder.resolve("knot.conf");
    Files.writeString(config, configuration(zone, primaries, key));
    process =
        new ProcessBuilder("/usr/sbin/knotd", "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
  }

  private String configuration(String zone, List<InetSocketAddress> primaries, UpdateKey key) {
    String remotes =
        primaries.stream()
            .map(primary ->
                "  - id: at%d%n    address: %s@%d%n    key: %s%n"
                    .formatted(
                        primary.getPort(), primary.getHostString(), primary.getPort(), key.name()))
            .collect(Collectors.joining());
    String ids =
        primaries.stream()
            .map(primary -> "at" + primary.getPort())
            .collect(Collectors.joining(", "));
    return """
    server:
      listen: 127.0.0.1@%d
      rundir: %s
      udp-workers: 1
      tcp-workers: 1
      background-workers: 1
    log:
      - target: stdout
        any: info
    database:
      storage: %s
    key:
      - id: %s
        algorithm: %s
        secret: %s
    remote:
    %sacl:
      - id: told
        address: 127.0.0.1
        action: notify
    template:
      - id: default
        storage: %s
    zone:
      - domain: %s
        master: [%s]
        acl: told
    """
        .formatted(
            port,
            folder,
            folder,
            key.name(),
            key.algorithm(),
            key.secret(),
            remotes,
            folder,
            zone,
            ids);
  }

  private Path log() {
    return folder.resolve("knot.log");
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Folders.delete(folder);
  }
}
