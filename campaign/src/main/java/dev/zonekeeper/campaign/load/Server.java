package dev.zonekeeper.campaign.load;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where clients go.
 *
 * @param name the member's
 * @param address where it is now, for UDP and TCP; empty when it is nowhere
 */
public record Server(String name, Supplier<Optional<InetSocketAddress>> address) {

  /** A server that stays where it is. */
  public static Server at(String name, InetSocketAddress address) {
    Optional<InetSocketAddress> there = Optional.of(address);
    return new Server(name, () -> there);
  }
}
