package dev.zonekeeper.bench.bare;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.xbill.DNS.Name;

/**
 * Knot DNS with one zone or more. It answers an update when its journal, an LMDB database, has it
 * on disk ({@code journal-db-mode: robust}), and then writes the zone file anew ({@code
 * zonefile-sync: 0}); both are its defaults.
 */
final class KnotPrimary {
  private KnotPrimary() {}

  static ServerProcess start(
      Programs installed, Path folder, int port, List<Name> zones, TsigKey key)
      throws IOException, InterruptedException {
    for (Name zone : zones) {
      Files.writeString(folder.resolve(file(zone)), ServerProcess.ZONE_FILE);
    }
    Path configuration = folder.resolve("knot.conf");
    Files.writeString(configuration, configuration(folder, port, zones, key));
    return ServerProcess.start(
        installed.command("knotd", "-c", configuration.toString()),
        folder.resolve("knot.log"),
        FreePort.loopback(port),
        zones.getFirst());
  }

  static String configuration(Path folder, int port, List<Name> zones, TsigKey key) {
    StringBuilder configuration =
        new StringBuilder(
            """
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
            """
                .formatted(
                    folder,
                    port,
                    key.name().toString(true),
                    key.algorithm(),
                    Base64.getEncoder().encodeToString(key.secret())));
    for (Name zone : zones) {
      configuration.append(
          """
            - domain: "%s"
              storage: "%s"
              file: "%s"
              acl: clients
          """
              .formatted(zone, folder, file(zone)));
    }
    return configuration.toString();
  }

  private static String file(Name zone) {
    return zone.toString(true) + ".db";
  }
}
