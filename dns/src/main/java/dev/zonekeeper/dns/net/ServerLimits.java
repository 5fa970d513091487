package dev.zonekeeper.dns.net;

import java.time.Duration;

/**
 * What a {@link DnsServer} allows its clients. Past a limit a message is answered SERVFAIL or its
 * connection is closed, and a counter goes up.
 *
 * @param tcpConnections connections at a time. Past that a new one takes the place of another of
 *     the network that holds the most ({@link Displacement}), or is closed as soon as it is
 *     accepted
 * @param inFlight messages that are being handled at a time, UDP and TCP together
 * @param inFlightBytes the bytes of those, and of what is being received over TCP, which may be
 *     three quarters of it at most; the first 512 bytes of a message are not counted before it is
 *     whole
 * @param inFlightPerConnection messages of one TCP connection that are being handled; while there
 *     are so many, the connection is not read
 * @param unreadBytes how many bytes of answers wait for a TCP client that does not read them; while
 *     there are more, {@link Exchange#answer} blocks
 * @param idle how long a TCP connection may be silent with nothing in flight
 * @param read how long a TCP client may take to send one message, from its first byte to its last
 * @param write how long a TCP client may take to accept one write of up to 64 KiB of answers
 * @param messageBytes the largest message over TCP; a longer one closes the connection
 * @param udpReceiveBuffer bytes wanted for what comes in over UDP and has not been read yet. Where
 *     the system gives less to one socket, several share the port
 */
public record ServerLimits(
    int tcpConnections,
    int inFlight,
    int inFlightBytes,
    int inFlightPerConnection,
    int unreadBytes,
    Duration idle,
    Duration read,
    Duration write,
    int messageBytes,
    int udpReceiveBuffer) {

  /**
   * For thousands of clients at once. What the messages take is a sixth of the heap at most: 16 MiB
   * of the agent's 96.
   */
  public static final ServerLimits DEFAULT =
      new ServerLimits(
          10_000,
          12_000,
          (int) Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 6),
          200,
          256 << 10,
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          TcpFrames.MAX_MESSAGE,
          8 << 20);

  /** For the members of one cluster, each of which speaks for all its clients. */
  public static final ServerLimits PEERS = DEFAULT.withCounts(1_000, 12_000, 5_000);

  /** The same with other numbers of connections and messages. */
  public ServerLimits withCounts(int connections, int messages, int messagesPerConnection) {
    return new ServerLimits(
        connections,
        messages,
        inFlightBytes,
        messagesPerConnection,
        unreadBytes,
        idle,
        read,
        write,
        messageBytes,
        udpReceiveBuffer);
  }

  /** The same with other sizes, in bytes. */
  public ServerLimits withBytes(int inFlightBytes, int unreadBytes, int messageBytes) {
    return new ServerLimits(
        tcpConnections,
        inFlight,
        inFlightBytes,
        inFlightPerConnection,
        unreadBytes,
        idle,
        read,
        write,
        messageBytes,
        udpReceiveBuffer);
  }

  /** The same with other times. */
  public ServerLimits withTimes(Duration idle, Duration read, Duration write) {
    return new ServerLimits(
        tcpConnections,
        inFlight,
        inFlightBytes,
        inFlightPerConnection,
        unreadBytes,
        idle,
        read,
        write,
        messageBytes,
        udpReceiveBuffer);
  }
}
