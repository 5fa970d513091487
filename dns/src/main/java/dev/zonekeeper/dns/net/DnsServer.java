package dev.zonekeeper.dns.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for DNS messages on one address, over UDP, TCP or both, and has each handled on a virtual
 * thread of its own. Answers of one TCP connection go out as they finish (RFC 7766 6.2.1.1). What
 * clients may take is limited ({@link ServerLimits}) and what goes past a limit is counted ({@link
 * ServerEvent}); a client that is slow or silent holds up nobody but itself.
 */
public final class DnsServer implements AutoCloseable {

  /** How messages come in. */
  public enum Transport {
    UDP,
    TCP
  }

  private static final Logger log = LoggerFactory.getLogger(DnsServer.class);
  private static final int MAX_UDP_SOCKETS = 16;

  private final ServerLimits limits;
  private final Handler handler;
  private final InFlight inFlight;
  private final InFlight arriving;
  private final Map<ServerEvent, LongAdder> counters =
      Stream.of(ServerEvent.values())
          .collect(Collectors.toUnmodifiableMap(Function.identity(), event -> new LongAdder()));
  private final Set<TcpClientConnection> connections = ConcurrentHashMap.newKeySet();
  private final List<UdpListener> udp = new ArrayList<>();
  private final List<TcpListener> tcp = new ArrayList<>();
  private InetSocketAddress address;
  private volatile boolean stopping;
  private volatile boolean closed;

  private DnsServer(InetSocketAddress at, ServerLimits limits, Handler handler) {
    this.address = at;
    this.limits = limits;
    this.handler = handler;
    this.inFlight = new InFlight(limits.inFlight(), limits.inFlightBytes());
    this.arriving = new InFlight(0, limits.inFlightBytes() / 4 * 3);
  }

  /**
   * Binds and starts.
   *
   * @param at port 0 takes one that is free, the same for UDP and TCP
   * @throws BindException the address is taken, or not one of this machine
   */
  public static DnsServer start(
      InetSocketAddress at, Set<Transport> transports, ServerLimits limits, Handler handler)
      throws IOException {
    DnsServer server = bind(at, transports, limits, handler);
    server.tcp.forEach(TcpListener::start);
    server.udp.forEach(UdpListener::start);
    Thread.ofVirtual().name("dns-sweeper").start(server::sweepAll);
    return server;
  }

  private static DnsServer bind(
      InetSocketAddress at, Set<Transport> transports, ServerLimits limits, Handler handler)
      throws IOException {
    int attempts = at.getPort() == 0 ? 10 : 1; // a port that is free for TCP may not be for UDP
    while (true) {
      DnsServer server = new DnsServer(at, limits, handler);
      try {
        // TCP first: its port is never shared, so a second server on this address fails here.
        if (transports.contains(Transport.TCP)) {
          server.bindTcp();
        }
        if (transports.contains(Transport.UDP)) {
          server.bindUdp();
        }
        return server;
      } catch (IOException e) {
        server.close();
        if (--attempts == 0) {
          var named = new BindException("cannot listen on " + at + ": " + e.getMessage());
          named.initCause(e);
          throw named;
        }
      }
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** How often something happened since the start. */
  public long count(ServerEvent event) {
    return counters.get(event).sum();
  }

  /** TCP connections that are open now. */
  public int openConnections() {
    return connections.size();
  }

  /** Messages that are being handled now. */
  public int messagesInFlight() {
    return inFlight.messages();
  }

  /**
   * Takes nothing new, gives what is in flight the time to be answered, and closes.
   *
   * @param atMost how long to wait for the answers
   */
  public void stop(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    stopping = true;
    closeAll(tcp);
    connections.forEach(TcpClientConnection::readNoMore);
    while ((inFlight.messages() > 0 || !connections.isEmpty())
        && System.nanoTime() - deadline < 0) {
      Thread.sleep(2);
    }
    close();
  }

  /** Closes everything at once. Handlers that are at work find their clients gone. */
  @Override
  public void close() {
    stopping = true;
    closed = true;
    closeAll(tcp);
    closeAll(udp);
    connections.forEach(TcpClientConnection::close);
  }

  void happened(ServerEvent event) {
    counters.get(event).increment();
  }

  /**
   * Takes memory for a part of a message that is still coming in. Never all there is: those who
   * send slowly leave some to those who do not.
   */
  void reservePart(int bytes) throws IOException {
    if (!arriving.addBytes(bytes)) {
      throw overloaded();
    }
    if (!inFlight.addBytes(bytes)) {
      arriving.removeBytes(bytes);
      throw overloaded();
    }
  }

  /** The message will not come in whole. */
  void releasePart(int bytes) {
    arriving.removeBytes(bytes);
    inFlight.removeBytes(bytes);
  }

  /** The message is there; takes the memory that was not reserved for it while it came in. */
  void whole(int reserved, int length) throws IOException {
    arriving.removeBytes(reserved);
    if (!inFlight.addBytes(length - reserved)) {
      inFlight.removeBytes(reserved);
      throw overloaded();
    }
  }

  private IOException overloaded() {
    happened(ServerEvent.OVERLOADED);
    return new IOException("too many bytes in flight");
  }

  /** A message came in over UDP. */
  void received(byte[] message, Exchange exchange) {
    happened(ServerEvent.UDP_MESSAGE);
    if (stopping) {
      return;
    }
    if (inFlight.addBytes(message.length)) {
      handle(message, exchange, () -> {});
    } else {
      refuse(message, exchange);
    }
  }

  /**
   * A message came in over TCP, its bytes reserved.
   *
   * @param done run when it has been handled
   */
  void received(byte[] message, Exchange exchange, Runnable done) {
    happened(ServerEvent.TCP_MESSAGE);
    handle(message, exchange, done);
  }

  private void handle(byte[] message, Exchange exchange, Runnable done) {
    if (message.length >= DnsHeader.LENGTH && inFlight.addMessage()) {
      Thread.startVirtualThread(() -> {
        try {
          handler.handle(message, exchange);
        } catch (IOException e) {
          happened(ServerEvent.HANDLER_FAILED);
          log.debug("{}: not answered: {}", exchange.client(), e.getMessage());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } catch (Exception e) {
          happened(ServerEvent.HANDLER_FAILED);
          log.warn("{}: a message was not handled", exchange.client(), e);
        } finally {
          inFlight.removeMessage();
          inFlight.removeBytes(message.length);
          done.run();
        }
      });
    } else {
      refuse(message, exchange);
      inFlight.removeBytes(message.length);
      done.run();
    }
  }

  private void refuse(byte[] message, Exchange exchange) {
    if (message.length < DnsHeader.LENGTH) {
      happened(ServerEvent.TOO_SHORT);
      return;
    }
    happened(ServerEvent.OVERLOADED);
    if (!DnsHeader.isResponse(message)) {
      try {
        exchange.answer(DnsHeader.servfail(message));
      } catch (IOException e) {
        log.debug("{}: not answered: {}", exchange.client(), e.getMessage());
      }
    }
  }

  private void bindTcp() throws IOException {
    TcpListener listener = TcpListener.bind(address, this::accept);
    tcp.add(listener);
    address = listener.address();
  }

  private void bindUdp() throws IOException {
    int sockets;
    // Bound alone first: a port that is shared could be somebody else's as well.
    try (UdpListener alone = UdpListener.bind(address, false, limits.udpReceiveBuffer(), this)) {
      address = alone.address();
      sockets = Math.clamp(limits.udpReceiveBuffer() / alone.receiveBuffer(), 1, MAX_UDP_SOCKETS);
    }
    for (int i = 0; i < sockets; i++) {
      udp.add(UdpListener.bind(address, true, limits.udpReceiveBuffer(), this));
    }
  }

  private void accept(Socket socket) throws IOException {
    if (connections.size() >= limits.tcpConnections() && !makeRoom(socket)) {
      happened(ServerEvent.CONNECTION_REFUSED);
      socket.close();
      return;
    }
    socket.setTcpNoDelay(true);
    var connection = new TcpClientConnection(socket, this, limits);
    connections.add(connection);
    Thread.ofVirtual()
        .name("dns-tcp")
        .start(() -> {
          connection.readAll();
          connections.remove(connection);
        });
    if (stopping) {
      connection.close();
    }
  }

  private boolean makeRoom(Socket newcomer) {
    Optional<TcpClientConnection> displaced =
        Displacement.choose(connections, newcomer.getInetAddress());
    displaced.ifPresent(connection -> {
      happened(ServerEvent.CONNECTION_DISPLACED);
      connections.remove(connection);
      connection.close();
    });
    return displaced.isPresent();
  }

  private void sweepAll() {
    long shortest =
        Stream.of(limits.idle(), limits.read(), limits.write())
            .mapToLong(Duration::toMillis)
            .min()
            .orElseThrow();
    Duration interval = Duration.ofMillis(Math.clamp(shortest / 4, 5, 1000));
    while (!closed) {
      pause(interval);
      long now = System.nanoTime();
      connections.forEach(connection -> connection.sweep(now));
    }
  }

  static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeAll(List<? extends AutoCloseable> sockets) {
    for (AutoCloseable socket : sockets) {
      try {
        socket.close();
      } catch (Exception e) {
        log.warn("a socket could not be closed: {}", e.getMessage());
      }
    }
  }
}
