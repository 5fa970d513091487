package dev.zonekeeper.dns.net;

import java.util.concurrent.CompletableFuture;

/** A message of a pool and the answer that is waited for. */
final class PendingExchange implements FrameWriter.Outgoing {

  private enum Stage {
    WAITING,
    BEGUN,
    WITHDRAWN
  }

  private final byte[] message;
  private final int id;
  private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
  private Stage stage = Stage.WAITING;

  PendingExchange(byte[] message) {
    this.message = message;
    this.id = DnsHeader.id(message);
  }

  @Override
  public byte[] message() {
    return message;
  }

  int id() {
    return id;
  }

  CompletableFuture<byte[]> answer() {
    return answer;
  }

  @Override
  public synchronized boolean begin() {
    if (stage == Stage.WAITING) {
      stage = Stage.BEGUN;
    }
    return stage == Stage.BEGUN;
  }

  /** Whether not a byte of it has been, or will be, written. */
  synchronized boolean withdraw() {
    if (stage == Stage.WAITING) {
      stage = Stage.WITHDRAWN;
    }
    return stage == Stage.WITHDRAWN;
  }

  /** Ends the wait because the connection was lost. */
  void fail(String reason) {
    answer.completeExceptionally(
        withdraw()
            ? new NotSentException("not sent: " + reason)
            : new OutcomeUnknownException("sent, but no answer: " + reason));
  }
}
