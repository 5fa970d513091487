package dev.zonekeeper.dns.net;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Small messages to a server on this machine, over UDP: named takes several times as many updates a
 * second over UDP as over TCP. On loopback nothing is lost as long as few messages are under way,
 * which is for the caller to see to. A message that is large, or whose ID is in use on every
 * socket, goes the other way.
 */
public final class LoopbackUdp implements Exchanger, AutoCloseable {
  private static final int LARGEST = 1400;
  private static final int ANSWER_BUFFER = 65_535;

  /** So many IDs of a socket may be lost to messages without an answer before it is replaced. */
  private static final int MOST_UNANSWERED = 1_000;

  private final InetSocketAddress to;
  private final Exchanger otherwise;
  private final Line[] lines;
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean closed;

  /**
   * Opens nothing yet.
   *
   * @param sockets how many sockets are used in turn
   * @param otherwise the way of messages that cannot go over UDP
   */
  public LoopbackUdp(InetSocketAddress to, int sockets, Exchanger otherwise) {
    this.to = to;
    this.otherwise = otherwise;
    this.lines = new Line[sockets];
  }

  @Override
  public byte[] exchange(byte[] message, Duration timeout)
      throws NotSentException, OutcomeUnknownException, InterruptedException {
    if (message.length <= LARGEST && message.length >= DnsHeader.LENGTH) {
      int id = DnsHeader.id(message);
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      for (int i = 0; i < lines.length; i++) {
        int at = Math.floorMod(next.getAndIncrement(), lines.length);
        Line line = line(at);
        if (line.pending.putIfAbsent(id, answer) == null) {
          return exchange(line, at, message, answer, timeout);
        }
      }
    }
    return otherwise.exchange(message, timeout);
  }

  private byte[] exchange(
      Line line, int at, byte[] message, CompletableFuture<byte[]> answer, Duration timeout)
      throws NotSentException, OutcomeUnknownException, InterruptedException {
    try {
      line.socket.send(new DatagramPacket(message, message.length));
    } catch (IOException e) {
      // A refusal that an earlier message met is reported here; this one did not leave.
      replace(line, at, "was closed");
      throw new NotSentException(to + " does not listen: " + e.getMessage(), e);
    }
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // The ID stays taken: a late answer must not be taken for that of another message.
      if (line.unanswered.incrementAndGet() > MOST_UNANSWERED) {
        replace(line, at, "leaves too much unanswered");
      }
      throw new OutcomeUnknownException(to + " did not answer within " + timeout, e);
    } catch (InterruptedException e) {
      line.unanswered.incrementAndGet();
      throw e;
    } catch (ExecutionException e) {
      throw new OutcomeUnknownException(to + ": " + e.getCause().getMessage(), e);
    }
  }

  private synchronized Line line(int at) throws NotSentException {
    if (closed) {
      throw new NotSentException("the way to " + to + " is closed");
    }
    if (lines[at] == null) {
      try {
        DatagramSocket socket = new DatagramSocket();
        socket.connect(to);
        Line line = new Line(socket);
        Thread.ofVirtual().name("udp-reader " + to).start(() -> read(line, at));
        lines[at] = line;
      } catch (IOException e) {
        throw new NotSentException("no socket to " + to + ": " + e.getMessage(), e);
      }
    }
    return lines[at];
  }

  private synchronized void replace(Line line, int at, String reason) {
    if (lines[at] == line) {
      lines[at] = null;
    }
    line.end(reason);
  }

  private void read(Line line, int at) {
    byte[] buffer = new byte[ANSWER_BUFFER];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        line.socket.receive(packet);
        if (packet.getLength() >= DnsHeader.LENGTH) {
          byte[] message = Arrays.copyOf(buffer, packet.getLength());
          if (DnsHeader.isResponse(message)) {
            CompletableFuture<byte[]> waiting = line.pending.remove(DnsHeader.id(message));
            if (waiting != null) {
              waiting.complete(message);
            }
          }
        }
      }
    } catch (IOException e) {
      replace(line, at, String.valueOf(e.getMessage()));
    }
  }

  /**
   * What is under way fails at once: UDP does not say that the server is gone. What comes after
   * goes out as ever.
   */
  public synchronized void hangUp(String reason) {
    for (int at = 0; at < lines.length; at++) {
      if (lines[at] != null) {
        replace(lines[at], at, reason);
      }
    }
  }

  /** What is under way fails; whatever comes after does, too. */
  @Override
  public synchronized void close() {
    closed = true;
    hangUp("closed");
  }

  private static final class Line {
    private final DatagramSocket socket;
    private final Map<Integer, CompletableFuture<byte[]>> pending = new ConcurrentHashMap<>();
    private final AtomicInteger unanswered = new AtomicInteger();

    Line(DatagramSocket socket) {
      this.socket = socket;
    }

    void end(String reason) {
      socket.close();
      pending.values().forEach(p -> p.completeExceptionally(new IOException(reason)));
    }
  }
}
