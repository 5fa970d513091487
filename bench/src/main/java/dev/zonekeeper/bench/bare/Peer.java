package dev.zonekeeper.bench.bare;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Name;

/**
 * Another name server that takes updates, as a single primary: an ordinary user's process, with its
 * defaults except for its place, its port and who may do what.
 */
public enum Peer {
  /** Its journal is its own; the zone is a text file. */
  KNOT("Knot DNS"),
  /** The zone is in an SQLite database. */
  POWERDNS("PowerDNS");

  private static final Programs INSTALLED = Programs.ofPath(System.getenv("PATH"));

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  /** What people call it. */
  public String title() {
    return title;
  }

  /** A sentence that says what is not installed, and how to install it; empty when all is. */
  public Optional<String> whyNot() {
    return whyNot(INSTALLED);
  }

  Optional<String> whyNot(Programs installed) {
    List<String> missing = new ArrayList<>(installed.missing(programs()));
    if (this == POWERDNS && PowerDnsPrimary.schema().isEmpty()) {
      missing.add("its SQLite backend");
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s is not measured: not installed: %s (Debian: apt-get install %s)"
                .formatted(title, String.join(", ", missing), packages()));
  }

  private List<String> programs() {
    return switch (this) {
      case KNOT -> List.of("knotd");
      case POWERDNS -> List.of("pdns_server", "pdnsutil", "sqlite3");
    };
  }

  private String packages() {
    return switch (this) {
      case KNOT -> "knot";
      case POWERDNS -> "pdns-server pdns-backend-sqlite3 sqlite3";
    };
  }

  /**
   * Starts it as a primary that takes updates of these zones with the key, and returns when it
   * answers.
   *
   * @param folder is made; may not exist
   * @param fromPort the first port to try, 0 for any
   * @throws IOException if it cannot be started, with what it said
   * @throws IllegalStateException if it is not installed: see {@link #whyNot()}
   */
  public ServerProcess start(Path folder, int fromPort, List<Name> zones, TsigKey key)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    int port = FreePort.find(fromPort);
    return switch (this) {
      case KNOT -> KnotPrimary.start(INSTALLED, folder.toAbsolutePath(), port, zones, key);
      case POWERDNS -> PowerDnsPrimary.start(INSTALLED, folder.toAbsolutePath(), port, zones, key);
    };
  }
}
