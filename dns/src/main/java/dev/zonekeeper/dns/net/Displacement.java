package dev.zonekeeper.dns.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which TCP connection goes when all are taken and one more comes: of the network that holds the
 * most, the one that has been silent for longest, if nothing of it is being handled. Nobody is
 * displaced for a network that would then hold as many, so one that opens connections without end
 * takes places from itself alone, and the others keep what they have.
 *
 * <p>A network is an IPv4 address, or the first 64 bits of an IPv6 address: who has one of these
 * has them all.
 */
final class Displacement {
  private Displacement() {}

  /** A connection that is there. */
  interface Held {
    InetAddress from();

    /** Whether nothing that has come in whole waits for an answer, and no answer to be read. */
    boolean mayGo();

    /** When a message or an answer last passed, by {@link System#nanoTime}. */
    long lastActive();
  }

  /** Whose place the newcomer takes; empty: nobody's, it has to go itself. */
  static <T extends Held> Optional<T> choose(Collection<T> held, InetAddress newcomer) {
    Map<ByteBuffer, List<T>> networks = new HashMap<>();
    for (T connection : held) {
      networks.computeIfAbsent(network(connection.from()), n -> new ArrayList<>()).add(connection);
    }
    int own = networks.getOrDefault(network(newcomer), List.of()).size();
    long now = System.nanoTime();
    return networks.values().stream()
        .max(Comparator.comparingInt(List::size))
        .filter(most -> most.size() > own + 1)
        .flatMap(most ->
            most.stream()
                .filter(Held::mayGo)
                .max(Comparator.comparingLong((T connection) -> now - connection.lastActive())));
  }

  private static ByteBuffer network(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(bytes, 0, address instanceof Inet6Address ? 8 : bytes.length);
  }
}
