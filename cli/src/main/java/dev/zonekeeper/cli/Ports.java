package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.AgentFile;
import dev.zonekeeper.agent.config.ConfigException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Whether the ports a member needs are free now. */
final class Ports {
  private Ports() {}

  /** Refuses with the first port that somebody else has. */
  static void checkFree(ClusterFolder.MemberFolder member) throws IOException, CommandFailed {
    try {
      checkFree(AgentFile.load(member.agentFile()));
    } catch (ConfigException wrong) {
      throw CommandFailed.refused(wrong.getMessage(), wrong);
    }
  }

  static void checkFree(AgentFile agent) throws CommandFailed {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    check(agent.member(), "dns", agent.dns());
    check(agent.member(), "peer", agent.peer());
    check(agent.member(), "http", agent.http());
    check(agent.member(), "named", new InetSocketAddress(loopback, agent.namedPort()));
    check(agent.member(), "upstream", new InetSocketAddress(loopback, agent.upstreamPort()));
    check(agent.member(), "notify", new InetSocketAddress(loopback, agent.notifyPort()));
    check(agent.member(), "rndc", new InetSocketAddress(loopback, agent.rndcPort()));
  }

  private static void check(String member, String use, InetSocketAddress address)
      throws CommandFailed {
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp = new DatagramSocket(null)) {
      tcp.setReuseAddress(true);
      tcp.bind(address);
      udp.bind(address);
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
