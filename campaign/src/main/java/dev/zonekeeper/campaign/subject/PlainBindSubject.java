package dev.zonekeeper.campaign.subject;

import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.fault.Injection;
import dev.zonekeeper.campaign.fault.Subject;
import dev.zonekeeper.campaign.load.Branch;
import dev.zonekeeper.campaign.load.Server;
import dev.zonekeeper.campaign.load.ServerWatch;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.xbill.DNS.Name;

/**
 * Plain BIND: a primary, two secondaries, and a script that promotes a secondary when the primary
 * does not answer. Clients go where the script points, as to an address that moves.
 */
public final class PlainBindSubject implements Subject {
  private static final Duration START = Duration.ofSeconds(20);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final int PORTS_PER_SERVER = 10;

  private final List<Name> zones;
  private final List<TsigKey> keys;
  private final List<PlainNamed> servers = new ArrayList<>();
  private final FailoverScript script;

  private PlainBindSubject(Path folder, int basePort, List<Name> zones) throws IOException {
    SecureRandom random = new SecureRandom();
    this.zones = List.copyOf(zones);
    this.keys = List.of(TsigKey.generate("first.", random), TsigKey.generate("second.", random));
    for (int i = 0; i < 3; i++) {
      int port = basePort + PORTS_PER_SERVER * i + 1;
      servers.add(new PlainNamed("server-" + i, folder, port, this.zones, keys));
    }
    this.script = new FailoverScript(servers, this.zones.getFirst());
  }

  /**
   * Starts them; returns when each serves all zones.
   *
   * @param folder for all they need; must be there
   * @param basePort the first of 30 ports
   */
  public static PlainBindSubject up(Path folder, int basePort, List<Name> zones)
      throws IOException, InterruptedException {
    PlainBindSubject subject = new PlainBindSubject(folder, basePort, zones);
    try {
      subject.servers.getFirst().seed();
      subject.script.begin();
      subject.awaitServing();
      return subject;
    } catch (IOException | InterruptedException e) {
      subject.close();
      throw e;
    }
  }

  @Override
  public String inWords() {
    return "plain BIND, a primary and two secondaries, and a script that promotes one of them";
  }

  @Override
  public List<Branch> branches() {
    return zones.stream().map(Branch::of).toList();
  }

  @Override
  public List<TsigKey> keys() {
    return keys;
  }

  @Override
  public List<Server> forUpdates() {
    return List.of(script.primary().server());
  }

  @Override
  public List<Server> forCurrentReads() {
    return List.of();
  }

  @Override
  public List<Server> forPastReads() {
    return servers.stream().map(PlainNamed::server).toList();
  }

  @Override
  public boolean knows(FaultKind kind) {
    return kind.isOf(FaultKind.Place.PLAIN_BIND);
  }

  @Override
  public Optional<Injection> inject(FaultKind kind, RandomGenerator random)
      throws IOException, InterruptedException {
    PlainNamed named =
        random.nextInt(100) < 45 ? script.primary() : servers.get(random.nextInt(servers.size()));
    String name = named.server().name();
    String target = named.equals(script.primary()) ? name + " (primary)" : name;
    return switch (kind) {
      case KILL_NAMED -> {
        named.kill();
        yield Optional.of(new Injection(target, named::start));
      }
      case STOP_NAMED -> {
        named.signal("STOP");
        yield Optional.of(new Injection(target, () -> named.signal("CONT")));
      }
      case SLOW_NAMED -> Optional.of(Slowness.of(target, named::signal));
      case TERMINATE -> {
        named.signal("TERM");
        yield Optional.of(
            new Injection(
                target,
                () -> {
                  named.awaitEnd();
                  named.start();
                }));
      }
      case WIPE -> {
        if (!allServe()) {
          yield Optional.empty();
        }
        named.kill();
        named.wipe();
        yield Optional.of(new Injection(target, () -> script.startEmpty(named)));
      }
      default -> Optional.empty();
    };
  }

  @Override
  public void repair() throws IOException {
    for (PlainNamed named : servers) {
      named.start();
    }
  }

  @Override
  public Optional<String> missing() {
    return allServe() ? Optional.empty() : Optional.of("not all serve all zones");
  }

  private boolean allServe() {
    return servers.stream()
        .allMatch(named ->
            named.runs()
                && zones.stream()
                    .allMatch(zone -> ServerWatch.serial(named.server(), zone).isPresent()));
  }

  private void awaitServing() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!allServe()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("not all serve all zones after " + START.toSeconds() + " s");
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  /** The primary, then its secondaries. */
  @Override
  public void show(Look look) throws IOException, InterruptedException {
    script.end();
    awaitServing();
    look.at(script.primary().server());
    for (PlainNamed named : servers) {
      if (!named.equals(script.primary())) {
        look.at(named.server());
      }
    }
  }

  @Override
  public void close() throws IOException {
    script.end();
    try {
      for (PlainNamed named : servers) {
        named.kill();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
