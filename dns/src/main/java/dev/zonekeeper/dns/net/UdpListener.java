package dev.zonekeeper.dns.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP socket and its reader, which does nothing but take messages out of the system's small
 * buffer. The reader is a virtual thread, for to start the handlers from one costs half of what it
 * costs from a platform thread; in a flood it lets the handlers run from time to time.
 */
final class UdpListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(UdpListener.class);

  private static final int MESSAGES_IN_A_ROW = 64;
  private static final Duration READER_END = Duration.ofSeconds(1);

  private final DatagramChannel channel;
  private final DnsServer server;
  private final Thread reader;

  private UdpListener(DatagramChannel channel, DnsServer server) {
    this.channel = channel;
    this.server = server;
    this.reader = Thread.ofVirtual().name("dns-udp").unstarted(this::readAll);
  }

  /**
   * Binds a socket.
   *
   * @param shared whether other sockets of this process will share the port
   */
  static UdpListener bind(InetSocketAddress at, boolean shared, int receiveBuffer, DnsServer server)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      if (shared) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
      channel.bind(at);
      return new UdpListener(channel, server);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  /** Bytes of the system's receive buffer, at least. */
  int receiveBuffer() throws IOException {
    return channel.getOption(StandardSocketOptions.SO_RCVBUF);
  }

  void start() {
    reader.start();
  }

  @SuppressWarnings("ThreadPriorityCheck") // virtual threads share their carriers by courtesy
  private void readAll() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(TcpFrames.MAX_MESSAGE);
    for (int count = 1; channel.isOpen(); count++) {
      try {
        buffer.clear();
        var from = (InetSocketAddress) channel.receive(buffer);
        byte[] message = new byte[buffer.flip().remaining()];
        buffer.get(message);
        server.received(message, new UdpExchange(from));
        if (count % MESSAGES_IN_A_ROW == 0) {
          Thread.yield();
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        log.warn("UDP: a message could not be received: {}", e.getMessage());
      }
    }
  }

  /** Frees the port before it returns: the system does that when the reader has let go of it. */
  @Override
  public void close() throws IOException {
    channel.close();
    try {
      if (reader.isAlive()) {
        reader.join(READER_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class UdpExchange implements Exchange {

    private final InetSocketAddress from;

    UdpExchange(InetSocketAddress from) {
      this.from = from;
    }

    @Override
    public ClientAddress client() {
      return new ClientAddress(from.getAddress(), from.getPort());
    }

    @Override
    public boolean tcp() {
      return false;
    }

    @Override
    public void answer(byte[] message) throws IOException {
      channel.send(ByteBuffer.wrap(message), from);
    }

    @Override
    public void abort() {}
  }
}
