package dev.zonekeeper.dns.net;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Long-lived TCP connections to one address, with many messages in flight on each. Answers are
 * matched by message ID, and the bytes of a message are never changed, so no connection ever has
 * two messages of one ID in flight. Connections are opened when a message finds no room on those
 * there are, up to a limit; those the peer closed are replaced when they are needed. A connection
 * on which an answer did not come in time takes no further message, for its late answer could be
 * taken for that of another message of that ID.
 */
public final class DnsPool implements Exchanger, AutoCloseable {

  /**
   * How much a pool may do.
   *
   * @param maxConnections how many connections take messages at a time, at least 1
   * @param maxInFlightPerConnection at least 1. named 9.18 reads no further on a connection that
   *     has 23 messages in flight
   * @param connectTimeout how long to connect, and then to wait for the answer to the hello
   * @param idle a connection that was idle for longer is replaced before the next message: less
   *     than what the peer closes idle connections after (named: 30 s), so that no message gets
   *     lost between the two
   */
  public record Limits(
      int maxConnections, int maxInFlightPerConnection, Duration connectTimeout, Duration idle) {

    public Limits {
      if (maxConnections < 1 || maxInFlightPerConnection < 1) {
        throw new IllegalArgumentException(
            "expected at least one connection and one message on it, found "
                + maxConnections
                + " and "
                + maxInFlightPerConnection);
      }
    }

    /** For a named on this machine. */
    public static final Limits NAMED =
        new Limits(8, 20, Duration.ofSeconds(1), Duration.ofSeconds(20));

    /** For the peer port of another member. */
    public static final Limits PEER =
        new Limits(8, 2000, Duration.ofSeconds(1), Duration.ofSeconds(20));
  }

  /** The first message on each new connection. */
  public interface Hello {
    /** A fresh message. */
    byte[] message();

    /** Whether this is the right answer to it; if not, the connection is not used. */
    boolean accepts(byte[] message, byte[] answer);
  }

  private final InetSocketAddress to;
  private final Limits limits;
  private final Dialer dialer;
  private final List<Consumer<String>> onDisconnect = new CopyOnWriteArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final WaitingRoom waiting;
  private final List<PooledConnection> connections = new ArrayList<>();
  private final Set<PooledConnection> retired = new HashSet<>();
  private final Set<Socket> streams = new HashSet<>();
  private int opening;
  private boolean closed;

  /** Opens nothing yet: the first message does. */
  public DnsPool(InetSocketAddress to, Limits limits, Optional<Hello> hello) {
    this.to = to;
    this.limits = limits;
    this.dialer = new Dialer(to, hello);
    this.waiting = new WaitingRoom(lock, "all connections to " + to + " are full");
  }

  /** Where the connections go. */
  public InetSocketAddress address() {
    return to;
  }

  /**
   * Has the callback called, with the reason, whenever the peer closed or reset a connection: at
   * once, also while nothing is in flight. Not called for what this side closes. It must not block.
   */
  public void onDisconnect(Consumer<String> callback) {
    onDisconnect.add(callback);
  }

  /**
   * Sends a message and waits for its answer.
   *
   * @param message at least a header; its bytes are sent as they are
   * @param timeout for all of it: room, connection, answer
   * @throws NotSentException nothing of the message left this process: no connection, no room in
   *     time, or the connection was lost before the write of this message began
   * @throws OutcomeUnknownException it may have been received: no answer in time, or the connection
   *     was lost
   * @throws InterruptedException while waiting; the message may have been received
   */
  @Override
  public byte[] exchange(byte[] message, Duration timeout)
      throws NotSentException, OutcomeUnknownException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    TcpFrames.requireFits(message);
    PendingExchange pending = new PendingExchange(message);
    PooledConnection connection = admit(pending, deadline);
    connection.send(pending);
    try {
      return pending.answer().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      giveUp(connection, pending);
      if (pending.withdraw()) {
        throw new NotSentException(to + " did not take the message within " + timeout, e);
      }
      throw new OutcomeUnknownException(to + " did not answer within " + timeout, e);
    } catch (InterruptedException e) {
      giveUp(connection, pending);
      throw e;
    } catch (ExecutionException e) {
      String text = to + ": " + e.getCause().getMessage();
      if (e.getCause() instanceof NotSentException) {
        throw new NotSentException(text, e);
      }
      throw new OutcomeUnknownException(text, e);
    }
  }

  /**
   * Sends a query on a connection of its own and hands over the messages of the answer one by one:
   * a zone transfer. Returns after the last one. The connection is not read while {@code onMessage}
   * runs, so a slow receiver slows the sender down.
   *
   * @param idleTimeout how long to wait for each message
   * @param onMessage false: that was the last one
   * @throws NotSentException nothing of the query left this process
   * @throws IOException the connection was lost, or nothing came in time
   */
  public void stream(byte[] query, Duration idleTimeout, Predicate<byte[]> onMessage)
      throws IOException {
    try (Socket socket = dialer.dial(limits.connectTimeout)) {
      lock.lock();
      try {
        if (closed) {
          throw new NotSentException("the pool to " + to + " is closed");
        }
        streams.add(socket);
      } finally {
        lock.unlock();
      }
      try {
        socket.setSoTimeout(Math.toIntExact(idleTimeout.toMillis()));
        TcpFrames.write(socket.getOutputStream(), query);
        var in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        boolean more = true;
        while (more) {
          byte[] message =
              TcpFrames.read(in)
                  .orElseThrow(() -> new IOException(to + " closed within the transfer"));
          more = onMessage.test(message);
        }
      } finally {
        lock.lock();
        try {
          streams.remove(socket);
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /** Closes all connections; what is in flight fails, and so does whatever comes after. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      List<PooledConnection> all = new ArrayList<>(connections);
      all.addAll(retired);
      all.forEach(connection -> closeLocked(connection, "the pool was closed"));
      streams.forEach(Dialer::closeQuietly);
      waiting.wakeAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many messages wait for their answers. */
  int inFlight() {
    lock.lock();
    try {
      return connections.stream().mapToInt(PooledConnection::inFlight).sum();
    } finally {
      lock.unlock();
    }
  }

  private PooledConnection admit(PendingExchange pending, long deadline)
      throws NotSentException, InterruptedException {
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new NotSentException("the pool to " + to + " is closed");
        }
        replaceIdle();
        boolean room = false;
        for (PooledConnection connection : connections) {
          if (connection.accept(pending, limits.maxInFlightPerConnection)) {
            return connection;
          }
          room |= connection.hasRoom(limits.maxInFlightPerConnection);
        }
        if (mayOpen()) {
          PooledConnection fresh = open(deadline);
          if (fresh.accept(pending, limits.maxInFlightPerConnection)) {
            return fresh;
          }
        } else if (room) {
          // Only its ID stands in its way: the room is for another that waits.
          waiting.passOn();
          waiting.awaitId(deadline);
        } else {
          waiting.awaitRoom(deadline);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** One connection at a time is opened, unless more messages wait than it will take. */
  private boolean mayOpen() {
    return connections.size() + opening < limits.maxConnections
        && waiting.count() >= opening * (long) limits.maxInFlightPerConnection;
  }

  private void replaceIdle() {
    long before = System.nanoTime() - limits.idle.toNanos();
    for (int i = connections.size() - 1; i >= 0; i--) {
      if (connections.get(i).idleSince(before)) {
        closeLocked(connections.get(i), "it was idle");
      }
    }
  }

  /** Opens one more connection; the lock is not held meanwhile. */
  private PooledConnection open(long deadline) throws NotSentException {
    opening++;
    lock.unlock();
    Socket socket;
    try {
      long left = Math.min(deadline - System.nanoTime(), limits.connectTimeout.toNanos());
      socket = dialer.dial(Duration.ofNanos(left));
    } catch (NotSentException e) {
      lock.lock();
      opening--;
      if (connections.isEmpty()) {
        waiting.failAll(e.getMessage());
      } else {
        waiting.wakeAll();
      }
      throw e;
    }
    lock.lock();
    opening--;
    waiting.wakeAll();
    return add(socket);
  }

  private PooledConnection add(Socket socket) throws NotSentException {
    if (closed) {
      Dialer.closeQuietly(socket);
      throw new NotSentException("the pool to " + to + " is closed");
    }
    try {
      var connection = new PooledConnection(socket, this::ended);
      connections.add(connection);
      Thread.ofVirtual()
          .name("dns-reader " + to)
          .start(() -> connection.readAll(message -> answered(connection, message), this::ended));
      return connection;
    } catch (IOException e) {
      Dialer.closeQuietly(socket);
      throw new NotSentException("no connection to " + to + ": " + e.getMessage(), e);
    }
  }

  private void answered(PooledConnection connection, byte[] message) {
    if (!DnsHeader.isResponse(message)) {
      return;
    }
    Optional<PendingExchange> pending;
    lock.lock();
    try {
      pending = connection.take(DnsHeader.id(message));
      afterTaking(connection);
    } finally {
      lock.unlock();
    }
    pending.ifPresent(exchange -> exchange.answer().complete(message));
  }

  private void giveUp(PooledConnection connection, PendingExchange pending) {
    lock.lock();
    try {
      connection.forget(pending);
      if (!pending.withdraw() && connections.remove(connection)) {
        retired.add(connection);
      }
      afterTaking(connection);
    } finally {
      lock.unlock();
    }
  }

  private void afterTaking(PooledConnection connection) {
    if (connection.isEmpty() && retired.contains(connection)) {
      closeLocked(connection, "an answer on it did not come in time");
    }
    waiting.wakeOne();
  }

  private void ended(PooledConnection connection, String reason) {
    boolean byPeer;
    lock.lock();
    try {
      byPeer = !connection.isClosed();
      closeLocked(connection, reason);
    } finally {
      lock.unlock();
    }
    if (byPeer) {
      onDisconnect.forEach(callback -> callback.accept(reason));
    }
  }

  private void closeLocked(PooledConnection connection, String reason) {
    connections.remove(connection);
    retired.remove(connection);
    connection.close().forEach(pending -> pending.fail(reason));
    waiting.wakeAll();
  }
}
