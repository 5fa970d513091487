package dev.zonekeeper.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/** A connected UDP socket, so that the kernel tells of unreachable ports. */
final class UdpLink extends Link {
  private final DatagramChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(4096);

  UdpLink(InetSocketAddress server, int serverIndex, int firstId, Selector selector)
      throws IOException {
    super(server, serverIndex, firstId);
    channel = DatagramChannel.open();
    channel.configureBlocking(false);
    channel.connect(server);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  @Override
  void send(byte[] message) throws IOException {
    try {
      channel.write(ByteBuffer.wrap(message));
    } catch (PortUnreachableException e) {
      throw new IOException("port unreachable", e);
    }
  }

  @Override
  void ready(SelectionKey key, Consumer<ByteBuffer> onMessage) throws IOException {
    try {
      while (channel.read(buffer.clear()) > 0) {
        onMessage.accept(buffer.flip());
      }
    } catch (PortUnreachableException e) {
      throw new IOException("port unreachable", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
