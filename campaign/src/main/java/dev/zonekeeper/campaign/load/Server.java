package dev.zonekeeper.campaign.load;

import java.net.InetSocketAddress;

/**
 * Where clients go.
 *
 * @param name the member's
 * @param dns its address for UDP and TCP
 */
public record Server(String name, InetSocketAddress dns) {}
