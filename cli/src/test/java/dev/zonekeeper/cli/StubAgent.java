package dev.zonekeeper.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.zonekeeper.agent.config.AgentFile;
import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.lease.FileLeaseStore;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/**
 * Stands in for an agent process: it has the pid file, the status and the keys of a real one, and
 * gives the lease to whom it is asked to, but there is no name server behind it.
 */
public final class StubAgent {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AgentFile file;
  private final FileLeaseStore leases;

  private StubAgent(AgentFile file) throws IOException {
    this.file = file;
    this.leases = new FileLeaseStore(file.lease());
  }

  /** Takes the arguments that a real one gets: {@code agent --config FILE}. */
  public static void main(String[] args) throws Exception {
    StubAgent agent = new StubAgent(AgentFile.load(Path.of(args[2])));
    System.out.println(
        Instant.now() + " INFO stub of " + agent.file.settings().member() + " starts");
    Files.createDirectories(agent.file.settings().data());
    Files.createDirectories(agent.file.settings().run());
    Path pid = agent.file.settings().run().resolve("agent.pid");
    Files.writeString(pid, ProcessHandle.current().pid() + "\n");
    agent.serveStatus();
    Thread.startVirtualThread(agent::serveDns);
    while (true) {
      agent.followLease();
      agent.leases.awaitChange(Duration.ofMillis(50));
    }
  }

  private ClusterFile cluster() {
    try {
      return ClusterFile.load(file.cluster());
    } catch (Exception unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  private void followLease() throws IOException {
    var now = leases.read();
    if (now.isEmpty()) {
      var all =
          cluster().primaries().stream()
              .map(member -> new MemberId(member.name(), "life-of-" + member.name()))
              .collect(Collectors.toSet());
      if (file.settings().member().equals("primary-0")) {
        leases.compareAndSet(
            Optional.empty(),
            new Lease(
                Optional.of(file.settings().member()),
                1,
                1,
                Instant.now(),
                file.settings().timing().lease(),
                all,
                Optional.empty()));
      }
      return;
    }
    Lease lease = now.get().lease();
    if (lease.isHeldBy(file.settings().member()) && lease.handoverTo().isPresent()) {
      leases.compareAndSet(
          Optional.of(now.get().version()),
          lease
              .withHolder(lease.handoverTo())
              .withHandoverTo(Optional.empty())
              .withEpoch(lease.epoch() + 1)
              .next(Instant.now()));
    }
  }

  private void serveStatus() throws IOException {
    HttpServer http = HttpServer.create(file.settings().http(), 0);
    http.createContext(
        "/status",
        exchange -> {
          byte[] answer = JSON.writeValueAsBytes(status());
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    http.start();
  }

  private ObjectNode status() throws IOException {
    Optional<Lease> lease = leases.read().map(v -> v.lease());
    boolean leads = lease.isPresent() && lease.get().isHeldBy(file.settings().member());
    boolean secondary = file.settings().member().startsWith("secondary");
    ObjectNode json = JSON.createObjectNode();
    json.put("name", file.settings().member())
        .put("role", leads ? "leader" : secondary ? "secondary" : "standby")
        .put("healthy", true)
        .put("agentPid", ProcessHandle.current().pid())
        .put("namedPid", (Long) null)
        .put("why", leads ? "it holds the lease" : "it follows")
        .put("incarnation", "life-of-" + file.settings().member())
        .put("epoch", lease.map(Lease::epoch).orElse(0L))
        .put("lagMillis", 0);
    long serial = lease.map(Lease::epoch).orElse(0L) << 16;
    ObjectNode serials = json.putObject("serials");
    cluster().zones().forEach(zone -> serials.put(zone.name().toString(true), serial));
    json.set("committed", serials);
    return json;
  }

  /** Answers whatever is signed with one of the cluster's keys. */
  private void serveDns() {
    try (ServerSocket server = new ServerSocket()) {
      server.bind(file.settings().dns());
      while (true) {
        try (Socket socket = server.accept()) {
          DataInputStream in = new DataInputStream(socket.getInputStream());
          byte[] bytes = new byte[in.readUnsignedShort()];
          in.readFully(bytes);
          Message query = new Message(bytes);
          boolean known =
              cluster().keys().stream()
                  .anyMatch(key -> key.name().equals(query.getTSIG().getName()));
          Message answer = new Message(query.getHeader().getID());
          answer.getHeader().setFlag(Flags.QR);
          answer.getHeader().setRcode(known ? Rcode.REFUSED : Rcode.NOTAUTH);
          answer.addRecord(query.getQuestion(), 0);
          byte[] wire = answer.toWire();
          DataOutputStream out = new DataOutputStream(socket.getOutputStream());
          out.writeShort(wire.length);
          out.write(wire);
        }
      }
    } catch (IOException ended) {
      throw new IllegalStateException(ended);
    }
  }
}
