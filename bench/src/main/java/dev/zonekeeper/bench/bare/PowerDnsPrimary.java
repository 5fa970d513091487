package dev.zonekeeper.bench.bare;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xbill.DNS.Name;

/**
 * PowerDNS with one zone or more in an SQLite database. An update is one transaction; it is
 * answered when SQLite's write-ahead log has it on disk, which is the default of both.
 */
final class PowerDnsPrimary {
  private PowerDnsPrimary() {}

  /** Where the backend's package has the tables; empty when it is not installed. */
  static Optional<Path> schema() {
    return Stream.of(
            "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql",
            "/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql",
            "/usr/share/doc/pdns-backend-sqlite/schema.sqlite3.sql")
        .map(Path::of)
        .filter(Files::isReadable)
        .findFirst();
  }

  static ServerProcess start(
      Programs installed, Path folder, int port, List<Name> zones, TsigKey key)
      throws IOException, InterruptedException {
    Path schema = schema().orElseThrow(() -> new IllegalStateException("no tables for SQLite"));
    Path zoneFile = folder.resolve("zone.db");
    Files.writeString(zoneFile, ServerProcess.ZONE_FILE);
    Files.writeString(folder.resolve("pdns.conf"), configuration(folder, port));
    run(folder, installed.command("sqlite3", database(folder).toString(), ".read " + schema));

    String config = "--config-dir=" + folder;
    String keyName = key.name().toString(true);
    String secret = Base64.getEncoder().encodeToString(key.secret());
    List<List<String>> setUp = new ArrayList<>();
    setUp.add(List.of("import-tsig-key", keyName, key.algorithm(), secret));
    for (Name zone : zones) {
      String zoneName = zone.toString(true);
      setUp.add(List.of("load-zone", zoneName, zoneFile.toString()));
      setUp.add(List.of("set-meta", zoneName, "ALLOW-DNSUPDATE-FROM", "127.0.0.0/8"));
      setUp.add(List.of("set-meta", zoneName, "TSIG-ALLOW-DNSUPDATE", keyName));
      setUp.add(List.of("set-meta", zoneName, "TSIG-ALLOW-AXFR", keyName));
    }
    for (List<String> arguments : setUp) {
      run(
          folder,
          Stream.concat(installed.command("pdnsutil", config).stream(), arguments.stream())
              .toList());
    }
    return ServerProcess.start(
        installed.command("pdns_server", config),
        folder.resolve("pdns.log"),
        FreePort.loopback(port),
        zones.getFirst());
  }

  /**
   * Updates are refused from everywhere but where the zone's metadata says. Without the empty
   * suffix it asks its makers over the network whether its version is safe.
   */
  static String configuration(Path folder, int port) {
    return """
    launch=gsqlite3
    gsqlite3-database=%s
    socket-dir=%s
    local-address=127.0.0.1
    local-port=%d
    dnsupdate=yes
    allow-dnsupdate-from=
    security-poll-suffix=
    daemon=no
    guardian=no
    write-pid=no
    disable-syslog=yes
    """
        .formatted(database(folder), folder, port);
  }

  private static Path database(Path folder) {
    return folder.resolve("pdns.sqlite3");
  }

  private static void run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path log = folder.resolve("setup.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process.getOutputStream().close();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(
            "%s %s failed: %s"
                .formatted(command.getFirst(), command.get(2), Files.readString(log)));
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
