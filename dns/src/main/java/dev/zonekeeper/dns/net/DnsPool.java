package dev.zonekeeper.dns.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Long-lived TCP connections to one address, with many messages in flight on each. */
public final class DnsPool implements AutoCloseable {

  /** How many connections, how much on each, and how long. */
  public record Limits(
      int maxConnections, int maxInFlightPerConnection, Duration connectTimeout, Duration idle) {}

  /** The first message on each new connection. */
  public interface Hello {
    byte[] message();

    boolean accepts(byte[] message, byte[] answer);
  }

  private final InetSocketAddress to;
  private final Optional<Hello> hello;

  public DnsPool(InetSocketAddress to, Limits limits, Optional<Hello> hello) {
    this.to = to;
    this.hello = hello;
  }

  /** Called, with the reason, when the peer closed or reset a connection. */
  public void onDisconnect(Consumer<String> callback) {}

  public byte[] exchange(byte[] message, Duration timeout)
      throws NotSentException, OutcomeUnknownException, InterruptedException {
    if (hello.isEmpty()) {
      throw new NotSentException("no connection to " + to);
    }
    return message;
  }

  public void stream(byte[] query, Duration idleTimeout, Predicate<byte[]> onMessage)
      throws IOException {
    if (hello.isEmpty()) {
      throw new NotSentException("no connection to " + to);
    }
  }

  @Override
  public void close() {}
}
