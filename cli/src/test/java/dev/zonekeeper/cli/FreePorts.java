package dev.zonekeeper.cli;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A run of ports that nobody uses now, below those that outgoing connections get. */
final class FreePorts {
  private FreePorts() {}

  static int base(int count) {
    while (true) {
      int base = ThreadLocalRandom.current().nextInt(10_000, 32_000 - count);
      if (allFree(base, count)) {
        return base;
      }
    }
  }

  private static boolean allFree(int base, int count) {
    for (int port = base; port < base + count; port++) {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try (ServerSocket tcp = new ServerSocket();
          DatagramSocket udp = new DatagramSocket(null)) {
        tcp.bind(address);
        udp.bind(address);
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }
}
