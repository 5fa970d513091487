package dev.zonekeeper.agent.named;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Finds out, before a named that shares its ports is started, whether anybody has them: with {@code
 * reuseport} two of one user may, and get each other's messages by turns. It looks without that
 * option, so it sees them.
 */
final class PortCheck {
  private PortCheck() {}

  /**
   * Returns if named can have the ports of the settings for itself, as far as can be seen.
   *
   * @throws NamedFailure one of them is taken, and which
   */
  static void requireFree(NamedSettings settings) throws NamedFailure {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    requireFree(new InetSocketAddress(loopback, settings.namedPort()));
    requireFree(new InetSocketAddress(loopback, settings.rndcPort()));
    if (settings.serviceAddress().isPresent()) {
      InetSocketAddress service = settings.serviceAddress().get();
      // named listens at each address, and a server of somebody else's at one of them is no matter.
      requireFree(
          service.getAddress().isAnyLocalAddress()
              ? new InetSocketAddress(loopback, service.getPort())
              : service);
    }
  }

  private static void requireFree(InetSocketAddress address) throws NamedFailure {
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp = new DatagramSocket(null)) {
      tcp.setReuseAddress(true); // connections of a named that has ended do not matter
      tcp.bind(address);
      udp.bind(address);
    } catch (BindException e) {
      if (e.getMessage().contains("in use")) {
        throw new NamedFailure(
            "named cannot have its ports: %s: address in use".formatted(address));
      } // else named itself may be allowed what this process is not, and says so if not
    } catch (IOException e) {
      throw new NamedFailure("named cannot have its ports: " + address, e);
    }
  }
}
