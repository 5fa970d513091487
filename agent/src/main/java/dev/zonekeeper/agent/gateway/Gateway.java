package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.agent.gateway.GatewayCounters.Kind;
import dev.zonekeeper.agent.gateway.LeaderRoute.Origin;
import dev.zonekeeper.dns.ExtendedError;
import dev.zonekeeper.dns.Peek;
import dev.zonekeeper.dns.Replies;
import dev.zonekeeper.dns.net.ClientAddress;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.Exchanger;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * The only door to the named of a primary member. Every message of a client comes through here, at
 * whichever member: it is taken to the leader's named, its bytes untouched, and what named answers
 * goes back untouched as soon as no failover can take it back.
 *
 * <ul>
 *   <li>UPDATE: {@link UpdatePath}; one that was answered is not applied again ({@link
 *       Retransmissions}); one that touches the SOA is REFUSED, for serials are ours.
 *   <li>AXFR and IXFR: {@link TransferPath}. Other queries: {@link QueryPath}.
 *   <li>NOTIFY: REFUSED. Other opcodes: NOTIMP. What is not a message: FORMERR. Answers, and what
 *       has not even a header: dropped.
 * </ul>
 *
 * <p>Where the gateway itself answers SERVFAIL, an Extended DNS Error (RFC 8914) says why, if the
 * client understands EDNS.
 */
public final class Gateway {

  private static final int MAX_REMEMBERED = 50_000;
  private static final long MAX_REMEMBERED_BYTES = 16L << 20;

  /** What is not fragmented on its way; named's max-udp-size has the same default. */
  private static final int MAX_UDP_ANSWER = 1232;

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final UpdatePath updates;
  private final QueryPath queries;
  private final TransferPath transfers;
  private final Retransmissions retransmissions;
  private final Replies replies;
  private final GatewayCounters counters;
  private final LongSupplier nanoTime;
  private final FailureLog failures;

  /**
   * @param forUpdates the way to this member's named, for updates alone, so that a crowd of queries
   *     does not stand in their way
   * @param forQueries other connections to the same named, for queries and transfers
   * @param zones the zones of the cluster, as they are when it is asked
   * @param nanoTime a clock that never goes back, in nanoseconds, like {@link System#nanoTime}
   */
  public Gateway(
      Leadership leadership,
      Commits commits,
      Forwarding forwarding,
      Exchanger forUpdates,
      DnsPool forQueries,
      Replies replies,
      Supplier<Set<Name>> zones,
      GatewaySettings settings,
      GatewayCounters counters,
      LongSupplier nanoTime) {
    var route = new LeaderRoute(leadership, forwarding, settings.writeHold(), counters, nanoTime);
    this.updates = new UpdatePath(route, commits, forUpdates, settings, counters);
    this.queries =
        new QueryPath(route, commits, new ServedZones(zones), forQueries, settings, counters);
    this.transfers = new TransferPath(route, commits, forQueries, replies, settings, counters);
    this.retransmissions =
        new Retransmissions(settings.remember(), MAX_REMEMBERED, MAX_REMEMBERED_BYTES, nanoTime);
    this.replies = replies;
    this.counters = counters;
    this.nanoTime = nanoTime;
    this.failures = new FailureLog(LOG::info, nanoTime);
  }

  /** Handles a message of a client. Blocks until it is answered. */
  public void handle(byte[] message, Exchange exchange) throws IOException, InterruptedException {
    handle(message, exchange, Origin.CLIENT);
  }

  /**
   * Handles a message of a client that the gateway of another member forwarded. The same, except
   * that it is not forwarded again: if this member does not lead, or nothing has been done with the
   * message, the other gateway is told so in a way ({@link PeerSignal}) that lets it try again.
   */
  public void handleFromPeer(byte[] message, Exchange exchange)
      throws IOException, InterruptedException {
    handle(message, exchange, Origin.PEER);
  }

  private void handle(byte[] message, Exchange exchange, Origin origin)
      throws IOException, InterruptedException {
    switch (Peek.of(message)) {
      case Peek.Unreadable() -> counters.message(Kind.UNREADABLE);
      case Peek.Malformed malformed when malformed.response() -> counters.message(Kind.RESPONSE);
      case Peek.Readable readable when readable.response() -> counters.message(Kind.RESPONSE);
      case Peek.Malformed malformed when !serves(malformed.opcode()) ->
          notImplemented(message, exchange);
      case Peek.Malformed _ -> {
        counters.message(Kind.MALFORMED);
        refuse(message, exchange, Rcode.FORMERR, ExtendedError.OTHER, "the message does not parse");
      }
      case Peek.Readable readable -> handle(message, readable, exchange, origin);
    }
  }

  private void handle(byte[] message, Peek.Readable readable, Exchange exchange, Origin origin)
      throws IOException, InterruptedException {
    switch (readable.opcode()) {
      case Opcode.UPDATE -> {
        counters.message(Kind.UPDATE);
        update(message, readable, exchange, origin);
      }
      case Opcode.QUERY -> query(message, readable, exchange, origin);
      case Opcode.NOTIFY -> {
        counters.message(Kind.OTHER);
        refuse(
            message,
            exchange,
            Rcode.REFUSED,
            ExtendedError.PROHIBITED,
            "NOTIFY is not taken here: this is a primary server");
      }
      default -> notImplemented(message, exchange);
    }
  }

  private void update(byte[] message, Peek.Readable update, Exchange exchange, Origin origin)
      throws IOException, InterruptedException {
    if (update.touchesSoa()) {
      counters.soaRefused();
      refuse(
          message,
          exchange,
          Rcode.REFUSED,
          ExtendedError.PROHIBITED,
          "an update must not touch the SOA record: Zonekeeper keeps the serial");
      return;
    }
    long arrived = nanoTime.getAsLong();
    Optional<Answer> answer = onlyOnce(message, update, exchange, origin);
    if (answer.isPresent()) {
      send(message, update, answer.get(), exchange, origin);
      counters.updateTook(nanoTime.getAsLong() - arrived);
    }
  }

  /** Empty: the first of several retransmissions was not answered, and so is none of them. */
  private Optional<Answer> onlyOnce(
      byte[] message, Peek.Readable update, Exchange exchange, Origin origin)
      throws InterruptedException {
    Optional<Retransmissions.Key> key = identity(message, update, exchange.client(), origin);
    if (key.isEmpty()) {
      return Optional.of(updates.take(message, update.name(), origin));
    }
    return switch (retransmissions.arrived(key.get())) {
      case Retransmissions.First first -> {
        try {
          Answer answer = updates.take(message, update.name(), origin);
          first.answered(answer);
          yield Optional.of(answer);
        } finally {
          first.abandon();
        }
      }
      case Retransmissions.Again again -> {
        counters.retransmission();
        yield again.answer();
      }
    };
  }

  private static Optional<Retransmissions.Key> identity(
      byte[] message, Peek.Readable update, ClientAddress client, Origin origin) {
    boolean signed = update.tsigKey().isPresent();
    return switch (origin) {
      case CLIENT ->
          Optional.of(
              signed
                  ? Retransmissions.Key.ofSigned(message, client)
                  : Retransmissions.Key.of(message, client));
      case PEER -> signed ? Optional.of(Retransmissions.Key.ofSigned(message)) : Optional.empty();
    };
  }

  private void query(byte[] message, Peek.Readable query, Exchange exchange, Origin origin)
      throws IOException, InterruptedException {
    boolean transfer = query.type() == Type.AXFR || query.type() == Type.IXFR;
    counters.message(transfer ? Kind.TRANSFER : Kind.QUERY);
    if (query.type() == Type.AXFR && !exchange.tcp()) {
      refuse(
          message, exchange, Rcode.FORMERR, ExtendedError.OTHER, "AXFR needs TCP (RFC 5936 4.2)");
      return;
    }
    Answer answer =
        transfer
            ? transfers.take(message, query, exchange, origin)
            : queries.take(message, query, origin);
    send(message, query, answer, exchange, origin);
  }

  private void send(
      byte[] message, Peek.Readable request, Answer answer, Exchange exchange, Origin origin)
      throws IOException {
    switch (answer) {
      case Answer.Sent() -> {}
      case Answer.Relayed relayed -> {
        boolean fits =
            exchange.tcp()
                || relayed.bytes().length <= Math.min(request.udpLimit(), MAX_UDP_ANSWER);
        if (!fits) {
          counters.truncated();
        }
        exchange.answer(fits ? relayed.bytes() : replies.truncated(message));
      }
      case Answer.Failed failed -> {
        counters.failure(failed.effect());
        if (origin == Origin.CLIENT) {
          failures.failed(failed.why().text());
        }
        Optional<PeerSignal> signal =
            origin == Origin.PEER ? PeerSignal.of(failed) : Optional.empty();
        exchange.answer(
            signal.isPresent()
                ? signal.get().answerTo(message)
                : replies.error(message, Rcode.SERVFAIL, failed.why()));
      }
    }
  }

  private static boolean serves(int opcode) {
    return opcode == Opcode.QUERY || opcode == Opcode.UPDATE || opcode == Opcode.NOTIFY;
  }

  private void notImplemented(byte[] message, Exchange exchange) throws IOException {
    counters.message(Kind.OTHER);
    refuse(
        message, exchange, Rcode.NOTIMP, ExtendedError.NOT_SUPPORTED, "this opcode is not served");
  }

  private void refuse(byte[] message, Exchange exchange, int rcode, int infoCode, String why)
      throws IOException {
    exchange.answer(replies.error(message, rcode, new ExtendedError(infoCode, why)));
  }
}
