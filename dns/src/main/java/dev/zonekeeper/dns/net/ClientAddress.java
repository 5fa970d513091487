package dev.zonekeeper.dns.net;

import java.net.InetAddress;

/**
 * Where a message came from.
 *
 * @param address the address of the client
 * @param port its UDP or TCP port, 1..65535
 */
public record ClientAddress(InetAddress address, int port) {
  @Override
  public String toString() {
    return address.getHostAddress() + "#" + port;
  }
}
