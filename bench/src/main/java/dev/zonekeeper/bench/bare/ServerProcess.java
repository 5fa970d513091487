package dev.zonekeeper.bench.bare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A name server of this machine in the foreground, with one zone, on a loopback port. */
public final class ServerProcess implements AutoCloseable {
  /** The zone that each begins with. */
  static final String ZONE_FILE =
      """
      $TTL 300
      @ IN SOA ns hostmaster 1 3600 600 86400 60
      @ IN NS ns
      ns IN A 192.0.2.1
      """;

  private static final Duration START_PATIENCE = Duration.ofMinutes(1);

  private final String program;
  private final Process process;
  private final InetSocketAddress dns;
  private final Name zone;

  private ServerProcess(String program, Process process, InetSocketAddress dns, Name zone) {
    this.program = program;
    this.process = process;
    this.dns = dns;
    this.zone = zone;
  }

  /**
   * Starts it and returns when it answers for the zone.
   *
   * @param command the program and what it is called with
   * @param log gets what it says
   * @param dns where the command lets it listen
   * @throws IOException if it ends, or does not serve the zone within a minute; with what it logged
   */
  static ServerProcess start(List<String> command, Path log, InetSocketAddress dns, Name zone)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process.getOutputStream().close();
    String program = String.valueOf(Path.of(command.getFirst()).getFileName());
    ServerProcess server = new ServerProcess(program, process, dns, zone);
    try {
      server.awaitZone(log);
    } catch (IOException | InterruptedException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private void awaitZone(Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_PATIENCE.toNanos();
    while (serial().isEmpty()) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        throw new IOException(program + " does not serve " + zone + ":\n" + Files.readString(log));
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  /** The program's name, without its folder. */
  public String program() {
    return program;
  }

  /** Where it answers. */
  public InetSocketAddress dns() {
    return dns;
  }

  /** The process. */
  public long pid() {
    return process.pid();
  }

  /** The zone's serial that it serves now; empty when it does not serve it. */
  public OptionalLong serial() {
    try {
      SimpleResolver resolver = new SimpleResolver(dns);
      resolver.setTimeout(Duration.ofSeconds(1));
      Message answer = resolver.send(Message.newQuery(Record.newRecord(zone, Type.SOA, DClass.IN)));
      return answer.getSection(Section.ANSWER).stream()
          .filter(SOARecord.class::isInstance)
          .mapToLong(soa -> ((SOARecord) soa).getSerial())
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** Kills the process and waits for its end; its files stay. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
