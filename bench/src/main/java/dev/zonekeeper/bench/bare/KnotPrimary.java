package dev.zonekeeper.bench.bare;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.xbill.DNS.Name;

/**
 * Knot DNS with one zone. It answers an update when its journal, an LMDB database, has it on disk
 * ({@code journal-db-mode: robust}), and then writes the zone file anew ({@code zonefile-sync: 0});
 * both are its defaults.
 */
final class KnotPrimary {
  private KnotPrimary() {}

  static ServerProcess start(Programs installed, Path folder, int port, Name zone, TsigKey key)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve("zone.db"), ServerProcess.ZONE_FILE);
    Path configuration = folder.resolve("knot.conf");
    Files.writeString(configuration, configuration(folder, port, zone, key));
    return ServerProcess.start(
        installed.command("knotd", "-c", configuration.toString()),
        folder.resolve("knot.log"),
        FreePort.loopback(port),
        zone);
  }

  static String configuration(Path folder, int port, Name zone, TsigKey key) {
    return """
    server:
      rundir: "%1$s"
      listen: 127.0.0.1@%2$d
    log:
      - target: stdout
        any: warning
    database:
      storage: "%1$s"
    key:
      - id: "%3$s"
        algorithm: %4$s
        secret: "%5$s"
    acl:
      - id: clients
        key: "%3$s"
        action: [update, transfer]
    zone:
      - domain: "%6$s"
        storage: "%1$s"
        file: zone.db
        acl: clients
    """
        .formatted(
            folder,
            port,
            key.name().toString(true),
            key.algorithm(),
            Base64.getEncoder().encodeToString(key.secret()),
            zone);
  }
}
