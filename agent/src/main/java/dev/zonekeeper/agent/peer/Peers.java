package dev.zonekeeper.agent.peer;

import dev.zonekeeper.agent.commit.MemberLink;
import dev.zonekeeper.agent.gateway.Forwarding;
import dev.zonekeeper.dns.BadPeerMessage;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Confirmation;
import dev.zonekeeper.dns.Heartbeat;
import dev.zonekeeper.dns.PeerCodec;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.NotSentException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The connections to the other members' peer ports. Each begins with a signed heartbeat that says
 * who is calling and what for; the other side takes nothing before.
 */
public final class Peers implements MemberLink, Forwarding, AutoCloseable {

  /** What a connection is for. */
  public enum Purpose {
    /** Commit requests. */
    COMMIT,
    /** Heartbeats and questions. */
    TALK,
    /** Messages of clients. */
    FORWARD,
    /** Zone data for this member's named. */
    PULL
  }

  private record Key(String member, Purpose purpose) {}

  private record Line(InetSocketAddress address, DnsPool pool) {}

  private final PeerCodec codec;
  private final Supplier<Sender> self;
  private final Function<String, Optional<InetSocketAddress>> addresses;
  private final Map<Key, Line> lines = new ConcurrentHashMap<>();

  /**
   * Makes it; connections are opened when they are needed.
   *
   * @param addresses where a member's peer port is now
   */
  public Peers(
      PeerCodec codec,
      Supplier<Sender> self,
      Function<String, Optional<InetSocketAddress>> addresses) {
    this.codec = codec;
    this.self = self;
    this.addresses = addresses;
  }

  /**
   * The connections to a member for one purpose.
   *
   * @throws NotSentException the member is not known
   */
  public DnsPool pool(String member, Purpose purpose) throws NotSentException {
    InetSocketAddress address =
        addresses
            .apply(member)
            .orElseThrow(() -> new NotSentException("member " + member + " is not known"));
    return lines.compute(
            new Key(member, purpose),
            (key, line) -> {
              if (line != null && line.address.equals(address)) {
                return line;
              }
              if (line != null) {
                line.pool.close();
              }
              return new Line(
                  address, new DnsPool(address, DnsPool.Limits.PEER, Optional.of(hello(key))));
            })
        .pool;
  }

  /** Fails at once, not when time is up, what was asked for this purpose of any other member. */
  public void hangUpAllBut(String leader, Purpose purpose) {
    lines.forEach((key, line) -> {
      boolean asked = key.purpose == purpose && !key.member.equals(leader);
      if (asked && lines.remove(key, line)) {
        line.pool.close();
      }
    });
  }

  @Override
  public DnsPool to(String member) throws NotSentException {
    return pool(member, Purpose.FORWARD);
  }

  @Override
  public Confirmation confirm(String member, CommitRequest request, Duration timeout)
      throws IOException, InterruptedException {
    byte[] bytes = codec.encode(request);
    byte[] answer = pool(member, Purpose.COMMIT).exchange(bytes, timeout);
    Confirmation confirmation = codec.decodeConfirmation(bytes, answer);
    if (!confirmation.from().member().equals(member)) {
      throw new BadPeerMessage(
          "expected a confirmation of " + member + ", found " + confirmation.from().member());
    }
    return confirmation;
  }

  /** Asks a member what it is, and tells it what this one is. */
  public Facts ask(String member, Map<String, String> facts, Duration timeout)
      throws IOException, InterruptedException {
    byte[] bytes = codec.encode(new Heartbeat(self.get(), facts));
    byte[] answer = pool(member, Purpose.TALK).exchange(bytes, timeout);
    return new Facts(codec.decodeFacts(bytes, answer));
  }

  private DnsPool.Hello hello(Key key) {
    return new DnsPool.Hello() {
      @Override
      public byte[] message() {
        Map<String, String> facts = new HashMap<>();
        facts.put("purpose", key.purpose.name());
        return codec.encode(new Heartbeat(self.get(), facts));
      }

      @Override
      public boolean accepts(byte[] message, byte[] answer) {
        try {
          return codec.decodeFacts(message, answer).get("member").equals(key.member);
        } catch (BadPeerMessage e) {
          return false;
        }
      }
    };
  }

  @Override
  public void close() {
    lines.values().forEach(line -> line.pool.close());
  }
}
