package dev.zonekeeper.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** A TCP connection with length-prefixed messages (RFC 1035 section 4.2.2). */
final class TcpLink extends Link {
  private final SocketChannel channel;
  private final SelectionKey key;
  private final ArrayDeque<ByteBuffer> unsent = new ArrayDeque<>();
  private final ByteBuffer in = ByteBuffer.allocate(2 + 0xffff);

  TcpLink(InetSocketAddress server, int serverIndex, int firstId, Selector selector)
      throws IOException {
    super(server, serverIndex, firstId);
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    if (channel.connect(server)) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  @Override
  void send(byte[] message) throws IOException {
    ByteBuffer framed = ByteBuffer.allocate(2 + message.length);
    unsent.add(framed.putShort((short) message.length).put(message).flip());
    if (channel.isConnected()) {
      write();
    }
  }

  @Override
  void ready(SelectionKey ready, Consumer<ByteBuffer> onMessage) throws IOException {
    if (ready.isConnectable()) {
      channel.finishConnect();
      write();
    }
    if (ready.isWritable()) {
      write();
    }
    if (ready.isReadable()) {
      read(onMessage);
    }
  }

  private void write() throws IOException {
    while (!unsent.isEmpty()) {
      channel.write(unsent.peek());
      if (unsent.peek().hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
      unsent.poll();
    }
    key.interestOps(SelectionKey.OP_READ);
  }

  private void read(Consumer<ByteBuffer> onMessage) throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("connection closed");
    }
    in.flip();
    while (in.remaining() >= 2) {
      int length = in.getShort(in.position()) & 0xffff;
      if (in.remaining() < 2 + length) {
        break;
      }
      ByteBuffer message = in.slice(in.position() + 2, length);
      in.position(in.position() + 2 + length);
      onMessage.accept(message);
    }
    in.compact();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
