package dev.zonekeeper.agent.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The agent's HTTP port: {@code /livez}, {@code /readyz}, {@code /readyz/leader}, {@code /status}
 * and {@code /metrics}. It tells and never changes anything.
 */
public final class StatusServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * What is told.
   *
   * @param notAlive why the process should be ended, if it should
   * @param notReady why this member should get no traffic, if it should not
   * @param notLeader why this member is not the leader that takes writes, if it is not
   * @param status everything
   * @param metrics in Prometheus' text format
   */
  public record Sources(
      Supplier<Optional<String>> notAlive,
      Supplier<Optional<String>> notReady,
      Supplier<Optional<String>> notLeader,
      Supplier<MemberStatus> status,
      Supplier<String> metrics) {}

  private StatusServer(HttpServer server) {
    this.server = server;
  }

  /** Listens and answers. */
  public static StatusServer start(InetSocketAddress at, Sources sources) throws IOException {
    StatusServer started = new StatusServer(HttpServer.create(at, 64));
    started.server.setExecutor(started.threads);
    started.probe("/livez", sources.notAlive());
    started.probe("/readyz", sources.notReady());
    started.probe("/readyz/leader", sources.notLeader());
    started.text("/metrics", "text/plain; version=0.0.4", sources.metrics());
    started.text("/status", "application/json", () -> json(sources.status().get()));
    started.server.start();
    return started;
  }

  private static String json(MemberStatus status) {
    try {
      return JSON.writeValueAsString(status) + "\n";
    } catch (IOException e) {
      throw new IllegalStateException("a status that is no JSON", e);
    }
  }

  private void probe(String path, Supplier<Optional<String>> problem) {
    server.createContext(
        path,
        exchange -> {
          Optional<String> found = problem.get();
          answer(
              exchange, path, found.isEmpty() ? 200 : 503, "text/plain", found.orElse("ok") + "\n");
        });
  }

  private void text(String path, String type, Supplier<String> source) {
    server.createContext(path, exchange -> answer(exchange, path, 200, type, source.get()));
  }

  private static void answer(HttpExchange exchange, String path, int code, String type, String text)
      throws IOException {
    try (exchange) {
      boolean found = exchange.getRequestURI().getPath().equals(path);
      boolean get = exchange.getRequestMethod().equals("GET");
      byte[] body = (found ? text : "there is nothing here\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", found ? type : "text/plain");
      exchange.sendResponseHeaders(!found ? 404 : get ? code : 405, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
