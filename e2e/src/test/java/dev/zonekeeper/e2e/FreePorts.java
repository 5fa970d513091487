package dev.zonekeeper.e2e;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody has at the moment. They lie below the range the kernel hands out by itself
 * (32768 and up on Linux), so that no outgoing connection takes one before the cluster does.
 */
final class FreePorts {
  private static final int LOWEST = 25_000;
  private static final int HIGHEST = 25_899;

  private FreePorts() {}

  /**
   * A multiple of ten after which {@code size} ports are free on 127.0.0.1, for TCP and UDP.
   *
   * @throws IllegalStateException when there is none
   */
  static int block(int size) {
    int places = (HIGHEST - LOWEST - size) / 10;
    int first = ThreadLocalRandom.current().nextInt(places);
    for (int i = 0; i < places; i++) {
      int base = LOWEST + (first + i) % places * 10;
      if (allFree(base, size)) {
        return base;
      }
    }
    throw new IllegalStateException(
        "no " + size + " free ports in a row between " + LOWEST + " and " + HIGHEST);
  }

  private static boolean allFree(int base, int size) {
    for (int port = base; port < base + size; port++) {
      if (!isFree(port)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFree(int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp = new DatagramSocket(null)) {
      tcp.setReuseAddress(true);
      tcp.bind(address);
      udp.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
