package dev.zonekeeper.bench.bare;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;

/**
 * One {@code named} with one zone, in a folder of its own, on a loopback port. BIND's defaults,
 * except what is said in {@link Tuning}.
 */
public final class BareNamed implements AutoCloseable {
  /** Options for {@code named} beside the ones that its place and port need. */
  public enum Tuning {
    /** None. */
    DEFAULTS(""),
    /** What a careful administrator sets so that secondaries follow soon. */
    QUICK_TRANSFERS(
        """
          notify-delay 0;
          notify-rate 20000;
          startup-notify-rate 20000;
          serial-query-rate 20000;
          transfers-in 100;
          transfers-per-ns 100;
          transfers-out 100;
          tcp-clients 10000;
          max-ixfr-ratio unlimited;
          minimal-responses yes;
        """);

    private final String options;

    Tuning(String options) {
      this.options = options;
    }
  }

  private final Path folder;
  private final InetSocketAddress dns;
  private final Name zone;
  private Tuning tuning = Tuning.DEFAULTS;
  private ServerProcess server;

  private BareNamed(Path folder, int port, Name zone) {
    this.folder = folder;
    this.dns = FreePort.loopback(port);
    this.zone = zone;
  }

  /**
   * Starts a primary that takes updates of the whole zone with the key, and returns when it
   * answers.
   *
   * @param folder is made; may not exist
   * @param fromPort the first port to try, 0 for any
   * @throws IOException if it cannot be started, with what it logged
   */
  public static BareNamed primary(Path folder, int fromPort, Name zone, TsigKey key, Tuning tuning)
      throws IOException, InterruptedException {
    return primary(folder, FreePort.find(fromPort), zone, key, tuning, List.of());
  }

  /** The same with defaults and a zone that is not nearly empty. */
  public static BareNamed primary(
      Path folder, int fromPort, Name zone, TsigKey key, String zoneFile)
      throws IOException, InterruptedException {
    return primary(
        folder, FreePort.find(fromPort), zone, key, Tuning.DEFAULTS, List.of(), zoneFile);
  }

  static BareNamed primary(
      Path folder,
      int port,
      Name zone,
      TsigKey key,
      Tuning tuning,
      List<InetSocketAddress> notified)
      throws IOException, InterruptedException {
    return primary(folder, port, zone, key, tuning, notified, ServerProcess.ZONE_FILE);
  }

  private static BareNamed primary(
      Path folder,
      int port,
      Name zone,
      TsigKey key,
      Tuning tuning,
      List<InetSocketAddress> notified,
      String zoneFile)
      throws IOException, InterruptedException {
    String targets =
        notified.stream()
            .map(a -> a.getAddress().getHostAddress() + " port " + a.getPort() + "; ")
            .collect(Collectors.joining());
    BareNamed named = new BareNamed(folder, port, zone);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("zone.db"), zoneFile);
    named.start(key, tuning, primaryStatements(targets, key));
    return named;
  }

  private static String primaryStatements(String alsoNotify, TsigKey key) {
    return """
    type primary;
      file "zone.db";
      notify explicit;
      also-notify { %s};
      update-policy { grant %s zonesub ANY; };
    """
        .formatted(alsoNotify, key.name().toString(true));
  }

  /**
   * The same with several zones.
   *
   * @param zones at least one
   */
  public static BareNamed primary(Path folder, int fromPort, List<Name> zones, TsigKey key)
      throws IOException, InterruptedException {
    BareNamed named = new BareNamed(folder, FreePort.find(fromPort), zones.getFirst());
    Files.createDirectories(folder);
    StringBuilder statements = new StringBuilder();
    for (Name zone : zones) {
      String file = zone.toString(true) + ".db";
      Files.writeString(folder.resolve(file), ServerProcess.ZONE_FILE);
      statements.append(
          """
          zone "%s" {
            type primary;
            file "%s";
            notify explicit;
            update-policy { grant %s zonesub ANY; };
          };
          """
              .formatted(zone.toString(true), file, key.name().toString(true)));
    }
    named.startWith(key, Tuning.DEFAULTS, statements.toString());
    return named;
  }

  static BareNamed secondary(
      Path folder, int port, Name zone, TsigKey key, Tuning tuning, InetSocketAddress primary)
      throws IOException, InterruptedException {
    BareNamed named = new BareNamed(folder, port, zone);
    Files.createDirectories(folder);
    named.start(
        key,
        tuning,
        """
        type secondary;
          file "zone.db";
          notify no;
          masterfile-format text;
          primaries { %s port %d key %s; };
        """
            .formatted(
                primary.getAddress().getHostAddress(),
                primary.getPort(),
                key.name().toString(true)));
    return named;
  }

  /**
   * Makes a secondary the primary, as an administrator does: another configuration, which {@code
   * named} reads when it gets SIGHUP. It takes updates a moment later.
   *
   * @param key that may change the zone
   * @throws IOException if the configuration cannot be written or the process not be told
   */
  void promote(TsigKey key) throws IOException, InterruptedException {
    configure(key, clause(primaryStatements("", key)));
    Process told = new ProcessBuilder("kill", "-HUP", String.valueOf(pid())).start();
    told.getOutputStream().close();
    if (told.waitFor() != 0) {
      throw new IOException("named, process " + pid() + ", could not be sent SIGHUP");
    }
  }

  private void start(TsigKey key, Tuning chosen, String zoneStatements)
      throws IOException, InterruptedException {
    startWith(key, chosen, clause(zoneStatements));
  }

  private String clause(String zoneStatements) {
    return """
    zone "%s" {
      %s};
    """
        .formatted(zone.toString(true), zoneStatements);
  }

  private void startWith(TsigKey key, Tuning chosen, String zoneClauses)
      throws IOException, InterruptedException {
    tuning = chosen;
    Path configuration = configure(key, zoneClauses);
    server =
        ServerProcess.start(
            List.of("named", "-g", "-c", configuration.toAbsolutePath().toString()),
            folder.resolve("named.log"),
            dns,
            zone);
  }

  private Path configure(TsigKey key, String zoneClauses) throws IOException {
    Path configuration = folder.resolve("named.conf");
    Files.writeString(
        configuration,
        key.statement()
            + """
            options {
              directory "%s";
              pid-file "named.pid";
              session-keyfile "session.key";
              listen-on port %d { 127.0.0.1; };
              listen-on-v6 { none; };
              recursion no;
              dnssec-validation no;
              allow-transfer { key %s; };
            %s};
            controls { };
            %s
            """
                .formatted(
                    folder.toAbsolutePath(),
                    dns.getPort(),
                    key.name().toString(true),
                    tuning.options,
                    zoneClauses));
    return configuration;
  }

  /** Where it answers. */
  public InetSocketAddress dns() {
    return dns;
  }

  /** The process. */
  public long pid() {
    return server.pid();
  }

  /** The folder with its journal and log. */
  public Path folder() {
    return folder;
  }

  /** The zone's serial that it serves now; empty when it does not serve it. */
  public OptionalLong serial() {
    return server.serial();
  }

  /** Kills the process and waits for its end; the folder stays. */
  @Override
  public void close() {
    server.close();
  }
}
