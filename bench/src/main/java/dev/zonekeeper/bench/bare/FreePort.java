package dev.zonekeeper.bench.bare;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds a port of the loopback address that is free for UDP and TCP. */
final class FreePort {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private FreePort() {}

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(LOOPBACK, port);
  }

  /**
   * The first free one.
   *
   * @param from where to begin, 1024 to 65535; 0: any that the kernel gives
   * @throws IOException if none of the next 1,000 is free
   */
  static int find(int from) throws IOException {
    IOException last = null;
    for (int i = 0; i < 1000; i++) {
      try (ServerSocket tcp = new ServerSocket(from == 0 ? 0 : from + i, 1, LOOPBACK);
          DatagramSocket udp =
              new DatagramSocket(new InetSocketAddress(LOOPBACK, tcp.getLocalPort()))) {
        return udp.getLocalPort();
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new IOException("no free port from " + from + " on", last);
  }
}
