package dev.zonekeeper.dns.net;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A TCP connection of a client: read by a virtual thread of its own, each message handled on
 * another, answers written as they come. The server's sweeper looks at it from time to time and
 * closes it when it takes too long.
 */
final class TcpClientConnection implements Displacement.Held {

  private static final int INPUT_BUFFER = 2048;

  /** So much of a message comes in whatever others hold: most updates and queries are no longer. */
  private static final int UNRESERVED = 512;

  /** Who ended the connection. What the client has not read in time counts as its own end of it. */
  private enum EndedBy {
    CLIENT,
    THIS_SIDE
  }

  private final Socket socket;
  private final DnsServer server;
  private final ServerLimits limits;
  private final FrameWriter writer;
  private final Semaphore slots;
  private final CompletableFuture<EndedBy> end = new CompletableFuture<>();
  private final TcpExchange exchange = new TcpExchange();
  private final ClientAddress client;
  private volatile long lastActive = System.nanoTime();
  private volatile long readingSince;
  private volatile Object note;

  TcpClientConnection(Socket socket, DnsServer server, ServerLimits limits) throws IOException {
    this.socket = socket;
    this.server = server;
    this.limits = limits;
    this.writer = new FrameWriter(socket.getOutputStream(), limits.unreadBytes(), e -> over());
    this.slots = new Semaphore(limits.inFlightPerConnection());
    var from = (InetSocketAddress) socket.getRemoteSocketAddress();
    this.client = new ClientAddress(from.getAddress(), from.getPort());
  }

  /** Reads until the end and returns when the last message is answered or the socket closed. */
  void readAll() {
    try {
      var in = new BufferedInputStream(socket.getInputStream(), INPUT_BUFFER);
      while (readMessage(in)) {
        lastActive = System.nanoTime();
      }
      end.complete(EndedBy.CLIENT);
      slots.acquire(limits.inFlightPerConnection());
      writer.awaitWritten();
    } catch (IOException e) {
      // The client is gone, or the sweeper closed the socket: nobody is left to be told.
      end.complete(EndedBy.CLIENT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      TcpClientConnection.this.close();
    }
  }

  @Override
  public InetAddress from() {
    return client.address();
  }

  @Override
  public boolean mayGo() {
    return slots.availablePermits() == limits.inFlightPerConnection() && writer.idle();
  }

  @Override
  public long lastActive() {
    return lastActive;
  }

  /** Closes the socket when it has taken too long at anything. */
  void sweep(long now) {
    if (since(writer.writingSince(), now) > limits.write().toNanos()) {
      end.complete(EndedBy.CLIENT);
      giveUp(ServerEvent.WRITE_TIMED_OUT);
    } else if (since(readingSince, now) > limits.read().toNanos()) {
      giveUp(ServerEvent.READ_TIMED_OUT);
    } else if (readingSince == 0
        && slots.availablePermits() == limits.inFlightPerConnection()
        && writer.idle()
        && now - lastActive > limits.idle().toNanos()) {
      giveUp(ServerEvent.IDLE_CLOSED);
    }
  }

  /** What has come in is still answered, then the connection is closed. */
  void readNoMore() {
    end.complete(EndedBy.THIS_SIDE);
    try {
      socket.shutdownInput();
    } catch (IOException e) {
      TcpClientConnection.this.close();
    }
  }

  void close() {
    end.complete(EndedBy.THIS_SIDE);
    writer.close();
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  private void over() {
    end.complete(EndedBy.CLIENT);
    TcpClientConnection.this.close();
  }

  private static long since(long start, long now) {
    return start == 0 ? 0 : now - start;
  }

  private void giveUp(ServerEvent why) {
    if (!socket.isClosed()) {
      server.happened(why);
      TcpClientConnection.this.close();
    }
  }

  /** Reads one message and has it handled. False: the client sends nothing more. */
  private boolean readMessage(InputStream in) throws IOException, InterruptedException {
    int high = in.read();
    if (high < 0) {
      return false;
    }
    readingSince = System.nanoTime() | 1;
    int low = in.read();
    if (low < 0) {
      throw new EOFException("the stream ended within a length prefix");
    }
    int length = (high << 8) | low;
    if (length > limits.messageBytes()) {
      server.happened(ServerEvent.OVERSIZED);
      end.complete(EndedBy.THIS_SIDE);
      return false;
    }
    byte[] message = receive(in, length);
    readingSince = 0;
    slots.acquire();
    server.received(message, exchange, this::handled);
    return true;
  }

  /** Memory is taken as the bytes come in, for anybody can claim to have 64 KiB to send. */
  private byte[] receive(InputStream in, int length) throws IOException {
    byte[] message = new byte[Math.min(length, UNRESERVED)];
    int have = 0;
    int reserved = 0;
    try {
      while (true) {
        have += in.readNBytes(message, have, message.length - have);
        if (have < message.length) {
          throw new EOFException("the stream ended within a message");
        }
        if (have == length) {
          break;
        }
        int next = Math.min(length, have * 4);
        server.reservePart(next - reserved);
        reserved = next;
        message = Arrays.copyOf(message, next);
      }
    } catch (IOException e) {
      server.releasePart(reserved);
      throw e;
    }
    server.whole(reserved, length);
    return message;
  }

  private void handled() {
    lastActive = System.nanoTime();
    slots.release();
  }

  private final class TcpExchange implements Exchange {

    @Override
    public ClientAddress client() {
      return client;
    }

    @Override
    public boolean tcp() {
      return true;
    }

    @Override
    public void answer(byte[] message) throws IOException {
      try {
        writer.put(message);
        lastActive = System.nanoTime();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the client did not read its answers", e);
      }
    }

    @Override
    public Object note() {
      return note;
    }

    @Override
    public void note(Object noted) {
      note = noted;
    }

    @Override
    public void abort() {
      TcpClientConnection.this.close();
    }

    @Override
    public End awaitEnd(Duration atMost) throws InterruptedException {
      try {
        return end.get(atMost.toNanos(), TimeUnit.NANOSECONDS) == EndedBy.CLIENT
            ? End.BY_CLIENT
            : End.BY_SERVER;
      } catch (TimeoutException notYet) {
        return End.NOT_YET;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
