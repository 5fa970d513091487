package dev.zonekeeper.agent.peer;

import dev.zonekeeper.dns.BadPeerMessage;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Confirmation;
import dev.zonekeeper.dns.Heartbeat;
import dev.zonekeeper.dns.PeerCodec;
import dev.zonekeeper.dns.PeerMessage;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.Handler;
import java.io.IOException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The peer port. A connection's first message must be a heartbeat signed with the cluster's key; it
 * says who calls and what for, and what follows is taken accordingly.
 */
public final class PeerServer implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(PeerServer.class);

  /** What comes in and how it is answered. */
  public interface Services {
    /** Takes a heartbeat. */
    void heard(Sender from, Facts facts);

    /** Answers a commit request; may block for the sync time-out. */
    Confirmation confirm(CommitRequest request) throws InterruptedException;

    /** A client's message that another member's gateway forwards. */
    void forwarded(byte[] message, Exchange exchange) throws Exception;

    /** A query of another member's named for zone data. */
    void pulled(Sender by, byte[] query, Exchange exchange) throws Exception;
  }

  private record Caller(Sender sender, Peers.Purpose purpose) {}

  private final PeerCodec codec;
  private final Supplier<Facts> own;
  private final Services services;

  /**
   * Makes the handler.
   *
   * @param own what this member is now
   */
  public PeerServer(PeerCodec codec, Supplier<Facts> own, Services services) {
    this.codec = codec;
    this.own = own;
    this.services = services;
  }

  @Override
  public void handle(byte[] message, Exchange exchange) throws Exception {
    if (!(exchange.note() instanceof Caller caller)) {
      introduce(message, exchange);
      return;
    }
    switch (caller.purpose) {
      case COMMIT, TALK -> talk(message, exchange);
      case FORWARD -> services.forwarded(message, exchange);
      case PULL -> services.pulled(caller.sender, message, exchange);
    }
  }

  private void introduce(byte[] message, Exchange exchange) throws IOException {
    try {
      if (codec.decode(message) instanceof Heartbeat hello) {
        Peers.Purpose purpose =
            Peers.Purpose.valueOf(hello.facts().getOrDefault("purpose", Peers.Purpose.TALK.name()));
        exchange.note(new Caller(hello.from(), purpose));
        exchange.answer(codec.encodeAnswer(message, own.get().values()));
        return;
      }
      LOG.debug("{} does not say who it is", exchange.client());
    } catch (BadPeerMessage | IllegalArgumentException e) {
      LOG.info("{} is not a member: {}", exchange.client(), e.getMessage());
    }
    exchange.abort();
  }

  private void talk(byte[] message, Exchange exchange) throws IOException, InterruptedException {
    PeerMessage question = codec.decode(message);
    switch (question) {
      case CommitRequest request ->
          exchange.answer(codec.encodeAnswer(message, services.confirm(request)));
      case Heartbeat heartbeat -> {
        services.heard(heartbeat.from(), new Facts(heartbeat.facts()));
        exchange.answer(codec.encodeAnswer(message, own.get().values()));
      }
    }
  }
}
