package dev.zonekeeper.bench.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How a {@link LoadGenerator} behaves.
 *
 * @param servers where the sockets go, in turn: socket i starts at server i modulo their number
 * @param signer signs the messages; not to be shared between generators
 * @param transport UDP or TCP
 * @param clients how many updates are in flight at once: each client waits for its answer, then
 *     sends the next
 * @param sockets how many sockets (UDP) or connections (TCP) the clients share evenly, 1 to clients
 * @param retransmitAfter UDP: the same bytes are sent again when nothing came for so long, as
 *     nsupdate does; zero: never
 * @param giveUpAfter from the first transmission until the outcome is {@link Outcome.Unknown}
 * @param moveOn whether a socket goes to the next server after an unknown outcome, as a client does
 *     that has several addresses
 * @param thinkTime how long a client rests after an acknowledgement
 * @param restAfterFailure how long a client rests after any other outcome
 */
public record LoadSettings(
    List<InetSocketAddress> servers,
    UpdateSigner signer,
    Transport transport,
    int clients,
    int sockets,
    Duration retransmitAfter,
    Duration giveUpAfter,
    boolean moveOn,
    Duration thinkTime,
    Duration restAfterFailure) {

  /** What carries the messages. */
  public enum Transport {
    /** A datagram each. */
    UDP,
    /** Many in flight on one connection, matched by ID (RFC 7766). */
    TCP
  }

  /** Checks the ranges. */
  public LoadSettings {
    servers = List.copyOf(servers);
    if (servers.isEmpty() || sockets < 1 || sockets > clients) {
      throw new IllegalArgumentException(
          "expected a server and 1 to %d sockets, found %d servers and %d sockets"
              .formatted(clients, servers.size(), sockets));
    }
  }

  /**
   * One client over UDP that never retransmits, gives up after 10 s, and rests 20 ms after a
   * failure.
   */
  public static LoadSettings udp(List<InetSocketAddress> servers, UpdateSigner signer) {
    return new LoadSettings(
        servers,
        signer,
        Transport.UDP,
        1,
        1,
        Duration.ZERO,
        Duration.ofSeconds(10),
        false,
        Duration.ZERO,
        Duration.ofMillis(20));
  }

  /** As {@link #udp}, over TCP. */
  public static LoadSettings tcp(List<InetSocketAddress> servers, UpdateSigner signer) {
    LoadSettings udp = udp(servers, signer);
    return new LoadSettings(
        udp.servers,
        udp.signer,
        Transport.TCP,
        1,
        1,
        udp.retransmitAfter,
        udp.giveUpAfter,
        udp.moveOn,
        udp.thinkTime,
        udp.restAfterFailure);
  }

  /** So many clients, each with a socket of its own. */
  public LoadSettings clients(int number) {
    return clients(number, number);
  }

  /** So many clients on so many sockets. */
  public LoadSettings clients(int number, int sharedSockets) {
    return new LoadSettings(
        servers,
        signer,
        transport,
        number,
        sharedSockets,
        retransmitAfter,
        giveUpAfter,
        moveOn,
        thinkTime,
        restAfterFailure);
  }

  /** With retransmissions and another time to give up; nsupdate: 3 s and 12 s. */
  public LoadSettings patience(Duration retransmit, Duration giveUp) {
    return new LoadSettings(
        servers,
        signer,
        transport,
        clients,
        sockets,
        retransmit,
        giveUp,
        moveOn,
        thinkTime,
        restAfterFailure);
  }

  /** Sockets go to the next server after an unknown outcome. */
  public LoadSettings movingOn() {
    return new LoadSettings(
        servers,
        signer,
        transport,
        clients,
        sockets,
        retransmitAfter,
        giveUpAfter,
        true,
        thinkTime,
        restAfterFailure);
  }

  /** Clients rest so long after an acknowledgement, and so long after a failure. */
  public LoadSettings resting(Duration afterSuccess, Duration afterFailure) {
    return new LoadSettings(
        servers,
        signer,
        transport,
        clients,
        sockets,
        retransmitAfter,
        giveUpAfter,
        moveOn,
        afterSuccess,
        afterFailure);
  }
}
