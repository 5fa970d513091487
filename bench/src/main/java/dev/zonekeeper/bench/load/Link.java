package dev.zonekeeper.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** One client socket, and the messages in flight on it by their ID. */
abstract sealed class Link implements AutoCloseable permits UdpLink, TcpLink {
  final Map<Integer, Operation> inFlight = new HashMap<>();
  final InetSocketAddress server;
  final int serverIndex;
  private int lastId;

  /** Set when the next message is to go to the next server, as soon as nothing is in flight. */
  boolean leaving;

  Link(InetSocketAddress server, int serverIndex, int firstId) {
    this.server = server;
    this.serverIndex = serverIndex;
    this.lastId = firstId;
  }

  static Link open(LoadSettings settings, int serverIndex, int firstId, Selector selector)
      throws IOException {
    InetSocketAddress server = settings.servers().get(serverIndex);
    return switch (settings.transport()) {
      case UDP -> new UdpLink(server, serverIndex, firstId, selector);
      case TCP -> new TcpLink(server, serverIndex, firstId, selector);
    };
  }

  /** An ID that no message in flight here has. */
  int freeId() {
    do {
      lastId = (lastId + 1) & 0xffff;
    } while (inFlight.containsKey(lastId));
    return lastId;
  }

  /** Sends the message now or queues it. */
  abstract void send(byte[] message) throws IOException;

  /**
   * Reads what has come, and goes on writing.
   *
   * @throws IOException when the socket is of no use any more; in words fit for a result
   */
  abstract void ready(SelectionKey key, Consumer<ByteBuffer> onMessage) throws IOException;

  @Override
  public abstract void close() throws IOException;
}
