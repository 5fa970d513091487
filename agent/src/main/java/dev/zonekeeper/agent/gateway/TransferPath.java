package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.agent.gateway.LeaderRoute.Origin;
import dev.zonekeeper.dns.Peek;
import dev.zonekeeper.dns.Replies;
import dev.zonekeeper.dns.TransferProgress;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.NotSentException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The way of an AXFR or IXFR query: its answer passes message by message, untouched, and its first
 * byte goes out when the serial it leads to is committed.
 */
final class TransferPath {

  private final LeaderRoute route;
  private final Commits commits;
  private final DnsPool named;
  private final Replies replies;
  private final GatewaySettings settings;
  private final GatewayCounters counters;
  private final Admission admission;

  TransferPath(
      LeaderRoute route,
      Commits commits,
      DnsPool named,
      Replies replies,
      GatewaySettings settings,
      GatewayCounters counters) {
    this.route = route;
    this.commits = commits;
    this.named = named;
    this.replies = replies;
    this.settings = settings;
    this.counters = counters;
    this.admission =
        new Admission(settings.transfersInFlight(), settings.queue(), settings.queueBytes());
    counters.watch(admission, GatewayCounters.Kind.TRANSFER);
  }

  /** Takes a transfer query to the leader and sends the client the answer. */
  Answer take(byte[] message, Peek.Readable query, Exchange exchange, Origin origin)
      throws InterruptedException {
    return route.take(
        origin,
        new LeaderRoute.Attempt() {
          @Override
          public Answer here(Leadership.Here view) throws NotSentException, InterruptedException {
            try (var _ = admission.enter(message.length)) {
              return relay(
                  named,
                  new Relay(
                      message, exchange, serial -> commits.awaitCommitted(query.name(), serial)));
            } catch (Admission.QueueFullException e) {
              return Answer.notTaken(e.getMessage());
            } catch (NotCommittedException e) {
              if (route.changedSince(view)) {
                throw new NotSentException(e.getMessage(), e);
              }
              return Answer.notTaken(e.getMessage());
            }
          }

          @Override
          public Answer there(DnsPool leader) throws NotSentException, InterruptedException {
            counters.forwarded();
            try {
              return relay(leader, new Relay(message, exchange, serial -> {}));
            } catch (NotCommittedException e) {
              throw new IllegalStateException("the leader's gateway waits for commits", e);
            }
          }
        });
  }

  private Answer relay(DnsPool from, Relay relay)
      throws NotSentException, NotCommittedException, InterruptedException {
    IOException lost = null;
    try {
      from.stream(relay.message, settings.transferIdle(), relay);
    } catch (IOException e) {
      lost = e;
    }
    switch (relay.stopped) {
      case null -> {}
      case NotCommittedException e -> throw e;
      case InterruptedException e -> throw e;
      case IOException e -> lost = e;
      default -> throw new IllegalStateException(relay.stopped);
    }
    if (lost == null) {
      return relay.answer;
    }
    if (relay.begun) {
      // The client cannot be told that the rest is missing, except so.
      relay.exchange.abort();
      return new Answer.Sent();
    }
    throw new NotSentException(lost.getMessage(), lost);
  }

  /** Waits until a serial may be seen. */
  private interface Gate {
    void await(long serial) throws NotCommittedException, InterruptedException;
  }

  /** What passes the messages of one transfer on. */
  private final class Relay implements Predicate<byte[]> {
    private final byte[] message;
    private final Exchange exchange;
    private final Gate gate;
    private final TransferProgress progress;
    private boolean begun;
    private Answer answer = new Answer.Sent();
    private Exception stopped;

    Relay(byte[] message, Exchange exchange, Gate gate) {
      this.message = message;
      this.exchange = exchange;
      this.gate = gate;
      this.progress = new TransferProgress(message);
    }

    @Override
    public boolean test(byte[] part) {
      try {
        return begun ? pass(part) : begin(part);
      } catch (IOException | NotCommittedException | InterruptedException e) {
        stopped = e;
        return false;
      }
    }

    private boolean begin(byte[] part)
        throws IOException, NotCommittedException, InterruptedException {
      Optional<PeerSignal> signal = PeerSignal.of(part);
      if (signal.isPresent()) {
        answer = signal.get().orRetry();
        return false;
      }
      boolean more = progress.take(part);
      if (progress.serial().isPresent()) {
        gate.await(progress.serial().getAsLong());
      }
      if (!exchange.tcp()) {
        answer = new Answer.Relayed(more ? replies.truncated(message) : part);
        return false;
      }
      begun = true;
      exchange.answer(part);
      return more;
    }

    private boolean pass(byte[] part) throws IOException {
      boolean more = progress.take(part);
      exchange.answer(part);
      return more;
    }
  }
}
