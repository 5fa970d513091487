package dev.zonekeeper.dns.net;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One connection of a {@link DnsPool}: the messages in flight on it, each with an ID of its own.
 * All its state is guarded by the lock of the pool; a reader of its own hears of answers, and of
 * the end, at once.
 */
final class PooledConnection {

  private static final int MAX_WAITING_BYTES = Integer.MAX_VALUE;

  private final Socket socket;
  private final FrameWriter writer;
  private final Map<Integer, PendingExchange> inFlight = new HashMap<>();
  private long lastUsed = System.nanoTime();
  private boolean closed;

  PooledConnection(Socket socket, Ending ending) throws IOException {
    this.socket = socket;
    this.writer =
        new FrameWriter(
            socket.getOutputStream(), MAX_WAITING_BYTES, e -> ending.ended(this, reason(e)));
  }

  /** What the pool hears. */
  interface Ending {
    void ended(PooledConnection connection, String reason);
  }

  boolean hasRoom(int maxInFlight) {
    return !closed && inFlight.size() < maxInFlight;
  }

  /** Takes a message if there is room and its ID is free. */
  boolean accept(PendingExchange pending, int maxInFlight) {
    if (!hasRoom(maxInFlight)) {
      return false;
    }
    boolean free = inFlight.putIfAbsent(pending.id(), pending) == null;
    if (free) {
      lastUsed = System.nanoTime();
    }
    return free;
  }

  boolean idleSince(long before) {
    return inFlight.isEmpty() && lastUsed - before < 0;
  }

  boolean isEmpty() {
    return inFlight.isEmpty();
  }

  int inFlight() {
    return inFlight.size();
  }

  void send(PendingExchange pending) {
    writer.offer(pending);
  }

  Optional<PendingExchange> take(int id) {
    return Optional.ofNullable(inFlight.remove(id));
  }

  void forget(PendingExchange pending) {
    inFlight.remove(pending.id(), pending);
  }

  /**
   * Closes the socket.
   *
   * @return the messages that will not be answered any more; empty when it was closed before
   */
  List<PendingExchange> close() {
    closed = true;
    writer.close();
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
    List<PendingExchange> left = List.copyOf(inFlight.values());
    inFlight.clear();
    return left;
  }

  boolean isClosed() {
    return closed;
  }

  /** Hands each message that comes in to the pool, until the end. */
  void readAll(Consumer<byte[]> onMessage, Ending ending) {
    String reason = "the peer closed the connection";
    try {
      var in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
      for (var message = TcpFrames.read(in); message.isPresent(); message = TcpFrames.read(in)) {
        onMessage.accept(message.get());
      }
    } catch (IOException e) {
      reason = reason(e);
    }
    ending.ended(this, reason);
  }

  private static String reason(IOException e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }
}
