package dev.zonekeeper.campaign.subject;

import dev.zonekeeper.campaign.load.Server;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;

/** One {@code named} with BIND's defaults, primary or secondary of all zones. */
final class PlainNamed {
  private final Path folder;
  private final int port;
  private final Server server;
  private final List<Name> zones;
  private final List<TsigKey> keys;
  private Process process;

  PlainNamed(String name, Path home, int port, List<Name> zones, List<TsigKey> keys)
      throws IOException {
    this.folder = Files.createDirectories(home.resolve(name));
    this.port = port;
    this.server = Server.at(name, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    this.zones = zones;
    this.keys = keys;
  }

  Server server() {
    return server;
  }

  /** Writes the zones as they are before the first update. */
  void seed() throws IOException {
    for (Name zone : zones) {
      Files.writeString(
          folder.resolve(zone.toString(true) + ".db"),
          """
          $TTL 300
          @ IN SOA ns hostmaster 1 3600 600 86400 60
          @ IN NS ns
          ns IN A 192.0.2.1
          """);
    }
  }

  /** Writes a configuration as the primary, which tells these others of changes. */
  void configurePrimary(List<PlainNamed> others) throws IOException {
    String told =
        others.stream()
            .map(other -> "127.0.0.1 port " + other.port + "; ")
            .collect(Collectors.joining());
    String grants =
        keys.stream()
            .map(key -> "grant %s zonesub ANY; ".formatted(key.name().toString(true)))
            .collect(Collectors.joining());
    configure(
        "type primary; notify explicit; also-notify { %s}; update-policy { %s};"
            .formatted(told, grants));
  }

  /** Writes a configuration as a secondary of another one. */
  void configureSecondary(PlainNamed primary) throws IOException {
    configure(
        "type secondary; notify no; masterfile-format text; primaries { 127.0.0.1 port %d; };"
            .formatted(primary.port));
  }

  private void configure(String statements) throws IOException {
    StringBuilder text = new StringBuilder();
    keys.forEach(key -> text.append(key.statement()));
    text.append(
        """
        options {
          directory "%s";
          pid-file "named.pid";
          session-keyfile "session.key";
          listen-on port %d { 127.0.0.1; };
          listen-on-v6 { none; };
          recursion no;
          dnssec-validation no;
          allow-transfer { 127.0.0.1; };
        };
        controls { };
        """
            .formatted(folder.toAbsolutePath(), port));
    for (Name zone : zones) {
      String name = zone.toString(true);
      text.append("zone \"%s\" { file \"%s.db\"; %s };%n".formatted(name, name, statements));
    }
    Files.writeString(folder.resolve("named.conf"), text);
  }

  boolean runs() {
    return process != null && process.isAlive();
  }

  void start() throws IOException {
    if (runs()) {
      return;
    }
    process =
        new ProcessBuilder(
                "named", "-g", "-c", folder.resolve("named.conf").toAbsolutePath().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("named.log").toFile()))
            .start();
    process.getOutputStream().close();
  }

  /** Has it read its configuration again. */
  void reconfigure() throws IOException, InterruptedException {
    signal("HUP");
  }

  void signal(String signal) throws IOException, InterruptedException {
    if (runs()) {
      Program.signal(signal, process.pid());
    }
  }

  /** Waits for its end. */
  void awaitEnd() throws IOException, InterruptedException {
    if (process != null && !process.waitFor(20, TimeUnit.SECONDS)) {
      throw new IOException("named of " + server.name() + " did not end within 20 s");
    }
  }

  void kill() throws IOException, InterruptedException {
    signal("KILL");
    awaitEnd();
  }

  /** Throws its zones away. */
  void wipe() throws IOException {
    for (Name zone : zones) {
      for (String ending : List.of(".db", ".db.jnl")) {
        Files.deleteIfExists(folder.resolve(zone.toString(true) + ending));
      }
    }
  }
}
