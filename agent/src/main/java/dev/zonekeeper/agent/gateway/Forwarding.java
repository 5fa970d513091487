package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.NotSentException;

/** The way to the leader. */
public interface Forwarding {

  /**
   * The connections to a member's peer port.
   *
   * @throws NotSentException the member or its address is not known
   */
  DnsPool to(String member) throws NotSentException;
}
