package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.AgentFile;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.config.MemberSettings;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;

/** Whether the ports a member needs are free now. */
final class Ports {
  private Ports() {}

  /** Refuses with the first port that somebody else has. */
  private static final Duration RELEASE = Duration.ofSeconds(2);

  /**
   * A process that was killed a moment ago may still be giving its ports back: they are waited for.
   */
  static void checkFree(ClusterFolder.MemberFolder member) throws IOException, CommandFailed {
    long deadline = System.nanoTime() + RELEASE.toNanos();
    while (true) {
      try {
        checkFree(AgentFile.load(member.agentFile()).settings());
        return;
      } catch (ConfigException wrong) {
        throw CommandFailed.refused(wrong.getMessage(), wrong);
      } catch (CommandFailed taken) {
        if (System.nanoTime() > deadline) {
          throw taken;
        }
        Waiting.pause(Duration.ofMillis(50));
      }
    }
  }

  static void checkFree(MemberSettings agent) throws CommandFailed {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    String member = agent.member();
    check(member, "dns", agent.dns(), true);
    check(member, "peer", agent.peer(), false);
    check(member, "http", agent.http(), false);
    check(member, "named", new InetSocketAddress(loopback, agent.namedPort()), true);
    check(member, "upstream", new InetSocketAddress(loopback, agent.upstreamPort()), true);
    check(member, "notify", new InetSocketAddress(loopback, agent.notifyPort()), true);
    check(member, "rndc", new InetSocketAddress(loopback, agent.rndcPort()), false);
  }

  private static void check(String member, String use, InetSocketAddress address, boolean udp)
      throws CommandFailed {
    try (ServerSocket socket = new ServerSocket();
        DatagramSocket datagrams = new DatagramSocket(null)) {
      socket.setReuseAddress(true);
      socket.bind(address);
      if (udp) {
        datagrams.bind(address);
      }
    } catch (IOException taken) {
      throw CommandFailed.refused(
          "port "
              + address.getPort()
              + " ("
              + use
              + " of "
              + member
              + ") cannot be had: "
              + taken.getMessage()
              + "; a new cluster can use other ports: --base-port",
          taken);
    }
  }
}
