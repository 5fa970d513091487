package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.dns.net.ClientAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

/**
 * The updates that are in flight and those answered lately, so that a client that sends the same
 * bytes again gets the one answer again and not a second update. An update with prerequisites (RFC
 * 2136 section 2.4) would fail the second time only because its first answer was lost.
 */
final class Retransmissions {

  /** Who sent which bytes, as a digest. */
  record Key(long high, long low) {
    private static final MessageDigest SHA_256 = sha256();

    /**
     * For a message without a TSIG: these bytes, from this address and port. Another client may
     * well send the same.
     */
    static Key of(byte[] message, ClientAddress client) {
      return digest(message, client.address().getAddress(), client.port());
    }

    /** For a message with a TSIG, whose MAC covers ID and time: these bytes from this address. */
    static Key ofSigned(byte[] message, ClientAddress client) {
      return digest(message, client.address().getAddress(), 0);
    }

    /**
     * For a message with a TSIG that another member forwarded, whose client is not known: these
     * bytes, whichever member they come through.
     */
    static Key ofSigned(byte[] message) {
      return digest(message, new byte[0], 0);
    }

    private static Key digest(byte[] message, byte[] address, int port) {
      try {
        // A copy costs less than a search among the security providers.
        MessageDigest sha = (MessageDigest) SHA_256.clone();
        sha.update(message);
        sha.update(address);
        sha.update((byte) (port >> 8));
        sha.update((byte) port);
        ByteBuffer digest = ByteBuffer.wrap(sha.digest());
        return new Key(digest.getLong(), digest.getLong());
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
      }
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }

  /** What is known of a message that came in. */
  sealed interface Arrival {}

  /** It is the first: whoever gets this answers it, exactly once. */
  final class First implements Arrival {
    private final Key key;
    private final CompletableFuture<Optional<Answer>> answer = new CompletableFuture<>();

    private First(Key key) {
      this.key = key;
    }

    /**
     * Gives the answer to those that have joined, and keeps it if something has happened: an answer
     * because of which nothing happened must not stand in the way of the next attempt.
     */
    void answered(Answer made) {
      keep(this, made);
      answer.complete(Optional.of(made));
    }

    /** There will be no answer; does nothing once there is one. */
    void abandon() {
      if (answer.complete(Optional.empty())) {
        forget(this);
      }
    }
  }

  /** It was seen before. */
  static final class Again implements Arrival {
    private final CompletableFuture<Optional<Answer>> answer;

    private Again(CompletableFuture<Optional<Answer>> answer) {
      this.answer = answer;
    }

    /** Waits for the answer to the first; empty: there is none. */
    Optional<Answer> answer() throws InterruptedException {
      try {
        return answer.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("an answer is never completed with an exception", e);
      }
    }
  }

  private record Kept(First first, int bytes, long until) {}

  private final long keepNanos;
  private final int maxEntries;
  private final long maxBytes;
  private final LongSupplier nanoTime;

  private final Map<Key, First> byKey = new HashMap<>();
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();
  private long keptBytes;

  /**
   * @param keep how long an answer is kept
   * @param maxEntries how many answers are kept; the oldest go first
   * @param maxBytes how many bytes those may have
   * @param nanoTime a clock that never goes back, in nanoseconds, like {@link System#nanoTime}
   */
  Retransmissions(Duration keep, int maxEntries, long maxBytes, LongSupplier nanoTime) {
    this.keepNanos = keep.toNanos();
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
    this.nanoTime = nanoTime;
  }

  /** A message came in. */
  synchronized Arrival arrived(Key key) {
    dropOld();
    First known = byKey.get(key);
    if (known != null) {
      return new Again(known.answer);
    }
    First first = new First(key);
    byKey.put(key, first);
    return first;
  }

  synchronized int size() {
    return byKey.size();
  }

  private synchronized void keep(First first, Answer made) {
    if (made instanceof Answer.Failed failed && failed.effect() != Answer.Effect.UNKNOWN) {
      byKey.remove(first.key, first);
      return;
    }
    int bytes = made instanceof Answer.Relayed relayed ? relayed.bytes().length : 0;
    kept.add(new Kept(first, bytes, nanoTime.getAsLong() + keepNanos));
    keptBytes += bytes;
    dropOld();
  }

  private synchronized void forget(First first) {
    byKey.remove(first.key, first);
  }

  private void dropOld() {
    long now = nanoTime.getAsLong();
    while (!kept.isEmpty()
        && (kept.size() > maxEntries || keptBytes > maxBytes || kept.peek().until() - now <= 0)) {
      Kept oldest = kept.poll();
      keptBytes -= oldest.bytes();
      byKey.remove(oldest.first().key, oldest.first());
    }
  }
}
