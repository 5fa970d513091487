package dev.zonekeeper.agent.peer;

import dev.zonekeeper.agent.peer.Peers.Purpose;
import java.time.Duration;
import java.util.Optional;

/**
 * Ends what is still asked of a member that leads no more. Zone data of an old leader helps nobody.
 * Clients' messages are another matter: one that hands over says of each that nothing has been done
 * with it, and then it can be sent to the next; only one that hangs says nothing.
 */
public final class OldLeaders {
  private final Peers peers;
  private final Duration patience;
  private Optional<String> leader = Optional.empty();

  /**
   * Makes it; nobody is known to lead.
   *
   * @param patience how long an old leader may take to answer the messages it has
   */
  public OldLeaders(Peers peers, Duration patience) {
    this.peers = peers;
    this.patience = patience;
  }

  /** That member leads now. */
  public synchronized void leads(String member) {
    boolean another = leader.isPresent() && !leader.get().equals(member);
    leader = Optional.of(member);
    if (another) {
      peers.hangUpAllBut(member, Purpose.PULL);
      Thread.ofVirtual().name("hang-up").start(this::hangUpLater);
    }
  }

  private void hangUpLater() {
    try {
      Thread.sleep(patience);
      peers.hangUpAllBut(now(), Purpose.FORWARD);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized String now() {
    return leader.orElseThrow();
  }
}
