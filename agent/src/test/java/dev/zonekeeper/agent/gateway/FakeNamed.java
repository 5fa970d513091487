package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.DnsServer;
import dev.zonekeeper.dns.net.DnsServer.Transport;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.Handler;
import dev.zonekeeper.dns.net.ServerLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A named that answers NOERROR with no records, or does what the test says. */
final class FakeNamed implements AutoCloseable {

  private final Queue<byte[]> received = new ConcurrentLinkedQueue<>();
  private final AtomicInteger working = new AtomicInteger();
  private final AtomicInteger mostWorking = new AtomicInteger();
  private DnsServer server;
  private volatile Handler behaviour =
      (message, exchange) -> exchange.answer(Wire.noError(message));

  FakeNamed() throws IOException {
    start(Wire.LOOPBACK);
  }

  void does(Handler next) {
    behaviour = next;
  }

  /** What it received, in the order it came. */
  Queue<byte[]> received() {
    return received;
  }

  /** The most messages it worked on at a time. */
  int mostWorking() {
    return mostWorking.get();
  }

  int working() {
    return working.get();
  }

  InetSocketAddress address() {
    return server.address();
  }

  DnsPool pool() {
    return new DnsPool(address(), DnsPool.Limits.NAMED, Optional.empty());
  }

  /** Like kill -9. */
  void die() {
    server.close();
  }

  void startAgain() throws IOException {
    start(address());
  }

  @Override
  public void close() {
    server.close();
  }

  private void start(InetSocketAddress at) throws IOException {
    server = DnsServer.start(at, Set.of(Transport.TCP), ServerLimits.DEFAULT, this::handle);
  }

  private void handle(byte[] message, Exchange exchange) throws Exception {
    received.add(message);
    mostWorking.accumulateAndGet(working.incrementAndGet(), Math::max);
    try {
      behaviour.handle(message, exchange);
    } finally {
      working.decrementAndGet();
    }
  }
}
