package dev.zonekeeper.agent.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** How an address and port are written: {@code 127.0.0.1:5301}, {@code [::1]:5301}. */
public final class Addresses {
  private Addresses() {}

  /**
   * Reads an address.
   *
   * @param text an IP address (IPv6 in brackets), a colon, and a port from 1 to 65535
   * @throws IllegalArgumentException with a sentence that says what was expected and found
   */
  public static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0) {
      String host = text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      try {
        InetAddress address =
            InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host);
        int port = Integer.parseInt(text.substring(colon + 1));
        if (address instanceof Inet6Address == bracketed && port >= 1 && port <= 65535) {
          return new InetSocketAddress(address, port);
        }
      } catch (IllegalArgumentException notAnAddress) {
        throw expected(text, notAnAddress);
      }
    }
    throw expected(text, null);
  }

  /** The same form that {@link #parse} reads; of an unresolved address the name and the port. */
  public static String format(InetSocketAddress address) {
    if (address.isUnresolved()) {
      return address.getHostString() + ":" + address.getPort();
    }
    String host = address.getAddress().getHostAddress();
    return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host)
        + ":"
        + address.getPort();
  }

  private static IllegalArgumentException expected(String text, Exception cause) {
    return new IllegalArgumentException(
        "expected an IP address and a port such as 127.0.0.1:5301, found \"" + text + "\"", cause);
  }
}
