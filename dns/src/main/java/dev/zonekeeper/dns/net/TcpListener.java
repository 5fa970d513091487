package dev.zonekeeper.dns.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A TCP port of a {@link DnsServer}, and the thread that accepts connections on it. */
final class TcpListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DnsServer.class);
  private static final int BACKLOG = 4096;
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);
  private static final Duration ACCEPTOR_END = Duration.ofSeconds(1);

  private final ServerSocket socket;
  private final Thread acceptor;

  /** What becomes of a connection; what it throws is logged. */
  interface Taker {
    void take(Socket connection) throws IOException;
  }

  private TcpListener(ServerSocket socket, Taker taker) {
    this.socket = socket;
    this.acceptor =
        Thread.ofPlatform().daemon().name("dns-accept").unstarted(() -> acceptAll(taker));
  }

  static TcpListener bind(InetSocketAddress at, Taker taker) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(at, BACKLOG);
      return new TcpListener(socket, taker);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  void start() {
    acceptor.start();
  }

  private void acceptAll(Taker taker) {
    while (!socket.isClosed()) {
      try {
        taker.take(socket.accept());
      } catch (IOException e) {
        if (!socket.isClosed()) {
          log.warn("{}: a TCP connection could not be accepted: {}", address(), e.getMessage());
          DnsServer.pause(ACCEPT_PAUSE);
        }
      }
    }
  }

  /**
   * Frees the port before it returns: until the acceptor has let go of it, the system goes on to
   * make connections that nobody will serve.
   */
  @Override
  public void close() throws IOException {
    socket.close();
    try {
      if (acceptor.isAlive()) {
        acceptor.join(ACCEPTOR_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
