package dev.zonekeeper.agent.elect;

import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.Standing.MayConfirm;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** How a secondary knows the leader: it reads the lease and has no part in it. */
public final class LeaseFollower implements LeaderView {
  private final AtomicLong known = new AtomicLong();
  private final Consumer<Leader> onNewLeader;
  private volatile Optional<Lease> lease = Optional.empty();

  /**
   * Makes the view.
   *
   * @param onNewLeader told when another member leads, or the same in another epoch
   */
  public LeaseFollower(Consumer<Leader> onNewLeader) {
    this.onNewLeader = onNewLeader;
  }

  /** Takes in what the lease store says. */
  public void accept(Event event) {
    if (event instanceof Event.LeaseSeen seen) {
      Optional<Leader> before = leader();
      lease = seen.lease().map(Event.SeenLease::lease);
      lease.ifPresent(l -> higherEpoch(l.epoch()));
      Optional<Leader> now = leader();
      if (now.isPresent() && !now.equals(before)) {
        onNewLeader.accept(now.get());
      }
    }
  }

  /** The lease as last seen. */
  public Optional<Lease> lease() {
    return lease;
  }

  @Override
  public Optional<Leader> leader() {
    return lease.flatMap(l -> l.holder().map(holder -> new Leader(holder, l.epoch())));
  }

  @Override
  public long knownEpoch() {
    return known.get();
  }

  @Override
  public MayConfirm mayConfirm(long epoch) {
    return epoch < known.get() ? MayConfirm.STALE_EPOCH : MayConfirm.YES;
  }

  /** A message of that epoch has come in. */
  public void higherEpoch(long epoch) {
    known.accumulateAndGet(epoch, Math::max);
  }

  /** Nothing is kept: what a secondary confirms no commit waits for. */
  @Override
  public void learn(long epoch, Duration atMost) {
    higherEpoch(epoch);
  }
}
