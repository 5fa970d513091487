package dev.zonekeeper.dns;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A real named with one secondary zone, in a folder of its own. */
final class SecondaryNamed implements AutoCloseable {
  private final Path log;
  private final InetSocketAddress address;
  private final Process process;

  private SecondaryNamed(Path log, InetSocketAddress address, Process process) {
    this.log = log;
    this.address = address;
    this.process = process;
  }

  /** Starts it; skips the test if BIND is not installed. */
  static SecondaryNamed start(Path folder, Name zone, InetSocketAddress primary, TsigKey key)
      throws IOException {
    Optional<Path> named =
        Stream.concat(
                Stream.ofNullable(System.getenv("ZONEKEEPER_NAMED")),
                Stream.of("/usr/sbin/named", "/usr/local/sbin/named", "/usr/bin/named"))
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(named.isPresent(), "BIND is not installed");
    int port = freePort();
    Path log = folder.resolve("named.log");
    Path configuration =
        Files.writeString(
            folder.resolve("named.conf"),
            key.statement()
                + """
                options {
                  directory "%1$s";
                  pid-file none;
                  session-keyfile none;
                  managed-keys-directory "%1$s";
                  listen-on port %2$d { 127.0.0.1; };
                  listen-on-v6 { none; };
                  recursion no;
                  dnssec-validation no;
                  serial-query-rate 20000;
                  max-ixfr-ratio unlimited;
                  minimal-responses yes;
                };
                controls { };
                zone "%3$s" {
                  type secondary;
                  file "zone.db";
                  notify no;
                  primaries { 127.0.0.1 port %4$d key "%5$s"; };
                };
                """
                    .formatted(folder, port, zone, primary.getPort(), key.name().toString(true)));
    Process process =
        new ProcessBuilder(named.get().toString(), "-g", "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    process.getOutputStream().close();
    return new SecondaryNamed(
        log, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), process);
  }

  /** Waits until it serves the zone with that serial; fails with its log if it does not. */
  void awaitSerial(Name zone, long serial) throws IOException {
    try {
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(20))
          .until(() ->
              answers(zone, Type.SOA).stream()
                  .anyMatch(soa -> ((SOARecord) soa).getSerial() == serial));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "named does not serve serial " + serial + ":\n" + Files.readString(log), e);
    }
  }

  /** What it answers, without waiting for anything; nothing if it does not answer. */
  List<Record> answers(Name name, int type) {
    try {
      return ask(Message.newQuery(Record.newRecord(name, type, DClass.IN)))
          .getSection(Section.ANSWER);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Tells it that the zone has changed. */
  void notifyOf(Name zone) throws IOException {
    Message notify = new Message();
    notify.getHeader().setOpcode(Opcode.NOTIFY);
    notify.getHeader().setFlag(Flags.AA);
    notify.addRecord(Record.newRecord(zone, Type.SOA, DClass.IN), Section.QUESTION);
    ask(notify);
  }

  private Message ask(Message message) throws IOException {
    SimpleResolver resolver = new SimpleResolver(address);
    resolver.setTimeout(Duration.ofSeconds(2));
    return resolver.send(message);
  }

  /** Free for UDP and TCP just now. */
  private static int freePort() throws IOException {
    try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        DatagramSocket udp =
            new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress())) {
      return udp.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
