package dev.zonekeeper.agent;

import dev.zonekeeper.agent.peer.Facts;
import dev.zonekeeper.agent.peer.Peers;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.NotSentException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the leader, again and again, whether it still leads, and tells it that this member lives.
 */
final class Heartbeats {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  /** What was heard. */
  interface Listener {
    /** The leader answered that it leads, and is well. */
    void heard(Facts leader);

    /** The leader's process is gone: its connection was reset or refused. */
    void unreachable();
  }

  private final Peers peers;
  private final Supplier<Optional<String>> leader;
  private final Supplier<Facts> own;
  private final Duration every;
  private final Listener listener;
  private final Set<DnsPool> watched = ConcurrentHashMap.newKeySet();

  /**
   * Makes it.
   *
   * @param leader whom to ask; empty while nobody else leads
   * @param every the time between two heartbeats, and how long an answer may take
   */
  Heartbeats(
      Peers peers,
      Supplier<Optional<String>> leader,
      Supplier<Facts> own,
      Duration every,
      Listener listener) {
    this.peers = peers;
    this.leader = leader;
    this.own = own;
    this.every = every;
    this.listener = listener;
  }

  /** Goes on until interrupted. */
  void run() throws InterruptedException {
    while (!Thread.interrupted()) {
      Optional<String> now = leader.get();
      if (now.isPresent()) {
        String member = now.get();
        Thread.ofVirtual().name("heartbeat-" + member).start(() -> beat(member));
      }
      Thread.sleep(every);
    }
  }

  private void beat(String member) {
    try {
      watch(member);
      Facts facts = peers.ask(member, own.get().values(), every.multipliedBy(2));
      if (facts.is("leading")) {
        listener.heard(facts);
      }
    } catch (NotSentException e) {
      LOG.debug("no connection to {}", member, e);
      lost(member);
    } catch (IOException e) {
      LOG.debug("no heartbeat from {}", member, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(String member) throws NotSentException {
    DnsPool pool = peers.pool(member, Peers.Purpose.TALK);
    if (watched.add(pool)) {
      pool.onDisconnect(why -> lost(member));
    }
  }

  private void lost(String member) {
    Consumer<Listener> tell = Listener::unreachable;
    if (leader.get().filter(member::equals).isPresent()) {
      tell.accept(listener);
    }
  }
}
