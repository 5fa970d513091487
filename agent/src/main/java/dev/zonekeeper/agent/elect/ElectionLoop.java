package dev.zonekeeper.agent.elect;

import dev.zonekeeper.agent.gateway.Leadership;
import dev.zonekeeper.core.Action;
import dev.zonekeeper.core.Decision;
import dev.zonekeeper.core.Election;
import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.Moment;
import dev.zonekeeper.core.Role;
import dev.zonekeeper.core.Standing;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the election of this member: one thread takes events in order, lets {@link Election} decide,
 * and gives the actions to the hands. Everybody else reads the standing, which never changes under
 * them.
 */
public final class ElectionLoop implements Leadership, LeaderView, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ElectionLoop.class);

  /** An event that waits, whether it is still true when its turn comes, and who waits for it. */
  private record Waiting(Event event, BooleanSupplier stillTrue, CountDownLatch taken) {}

  private final LinkedBlockingQueue<Waiting> events = new LinkedBlockingQueue<>();
  private final Ticker ticker;
  private final Duration tick;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition viewChanged = lock.newCondition();
  private final Condition epochKept = lock.newCondition();
  private volatile Standing standing;
  private volatile View view = new Nobody("it has just started");
  private volatile boolean closed;

  /**
   * Makes the loop; {@link #run} starts it.
   *
   * @param first what the member is at the start
   * @param tick how often time passes for the election
   */
  public ElectionLoop(Standing first, Ticker ticker, Duration tick) {
    this.standing = first;
    this.ticker = ticker;
    this.tick = tick;
  }

  /** Lets an event happen, soon. */
  public void post(Event event) {
    postIf(() -> true, event);
  }

  /**
   * Lets an event happen, soon, unless it is not true any more when its turn comes.
   *
   * @param stillTrue asked when all actions of earlier events have been given to the hands
   */
  public void postIf(BooleanSupplier stillTrue, Event event) {
    events.add(new Waiting(event, stillTrue, new CountDownLatch(1)));
  }

  /** Returns when all events posted before have happened. */
  public void awaitTaken() throws InterruptedException {
    Waiting last = new Waiting(new Event.Tick(), () -> false, new CountDownLatch(1));
    events.add(last);
    while (!closed && !last.taken.await(tick.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.trace("waiting for the election");
    }
  }

  /** What this member is now. */
  public Standing standing() {
    return standing;
  }

  /** Whether this member has reason to believe that the leader is gone. */
  public boolean suspectsLeader() {
    return standing.suspectsLeader(ticker.now());
  }

  /**
   * Takes events until closed.
   *
   * @param hands carries out an action; must not block for long
   */
  public void run(Consumer<Action> hands) throws InterruptedException {
    Duration nextTick = ticker.now().elapsed();
    while (!closed) {
      Duration wait = nextTick.minus(ticker.now().elapsed());
      Waiting next = events.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
      if (next == null) {
        nextTick = ticker.now().elapsed().plus(tick);
        step(new Event.Tick(), hands);
      } else {
        if (next.stillTrue.getAsBoolean()) {
          step(next.event, hands);
        }
        next.taken.countDown();
      }
    }
  }

  private void step(Event event, Consumer<Action> hands) {
    Standing before = standing;
    Decision decision = Election.step(before, event, ticker.now());
    Standing after = decision.standing();
    standing = after;
    if (before.keptEpoch() != after.keptEpoch()) {
      tellKept();
    }
    if (!before.role().equals(after.role())) {
      LOG.info("{} -> {}: {}", before.role().inWords(), after.role().inWords(), after.why());
    } else if (!before.why().equals(after.why())) {
      LOG.info("{}", after.why());
    }
    boolean takesWrites = after.role() instanceof Role.Leading;
    if (!takesWrites) {
      publish();
    }
    decision.actions().forEach(hands);
    publish();
  }

  private void tellKept() {
    lock.lock();
    try {
      epochKept.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void publish() {
    View next = viewOf(standing);
    if (!next.equals(view)) {
      lock.lock();
      try {
        view = next;
        viewChanged.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private View viewOf(Standing s) {
    return switch (s.role()) {
      case Role.Leading r -> new Here(r.epoch());
      case Role.Following r -> followed(s);
      case Role.Contending r -> new Nobody("this member is taking over");
      case Role.Promoting r -> new Nobody("this member is taking over");
      case Role.Draining r -> new Nobody("this member is handing over");
      case Role.Releasing r -> new Nobody("this member is handing over");
      case Role.Demoting r -> followed(s);
      case Role.Stopped r -> followed(s); // until its port is closed it passes messages on
    };
  }

  private View followed(Standing s) {
    Optional<Lease> lease = s.lastSeenLease();
    if (lease.isEmpty() || lease.get().holder().isEmpty()) {
      return new Nobody("no member leads");
    }
    String holder = lease.get().holder().get();
    if (holder.equals(s.self().name())) {
      return new Nobody("this member led in a former life");
    }
    if (s.suspectsLeader(ticker.now())) {
      return new Nobody(holder + " does not answer");
    }
    return new There(holder, lease.get().epoch());
  }

  @Override
  public View now() {
    return view;
  }

  @Override
  public View awaitOther(View seen, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (view.equals(seen) && left > 0 && !closed) {
        left = viewChanged.awaitNanos(left);
      }
      return view;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Leader> leader() {
    Standing s = standing;
    return s.lastSeenLease()
        .filter(lease -> lease.holder().isPresent())
        .map(lease -> new Leader(lease.holder().get(), lease.epoch()));
  }

  @Override
  public long knownEpoch() {
    return standing.knownEpoch();
  }

  @Override
  public void learn(long epoch, Duration atMost) throws InterruptedException {
    if (standing.keptEpoch() >= epoch) {
      return;
    }
    post(new Event.HigherEpoch(epoch));
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (standing.keptEpoch() < epoch && left > 0 && !closed) {
        left = epochKept.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Standing.MayConfirm mayConfirm(long epoch) {
    return standing.mayConfirm(epoch);
  }

  @Override
  public void close() {
    closed = true;
    post(new Event.Tick());
  }

  /** The time, as the election wants it. */
  @FunctionalInterface
  public interface Ticker {
    /** The present moment. */
    Moment now();
  }
}
