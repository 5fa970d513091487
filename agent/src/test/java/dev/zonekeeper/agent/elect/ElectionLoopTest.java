package dev.zonekeeper.agent.elect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.agent.gateway.Leadership;
import dev.zonekeeper.core.Action;
import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.Memory;
import dev.zonekeeper.core.Moment;
import dev.zonekeeper.core.Role;
import dev.zonekeeper.core.Settings;
import dev.zonekeeper.core.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ElectionLoopTest {
  private static final MemberId SELF = new MemberId("a", "1");
  private static final MemberId OTHER = new MemberId("b", "1");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Moment NOW = new Moment(SECOND, Instant.EPOCH);

  private final ElectionLoop election =
      new ElectionLoop(
          Standing.starting(
              new Settings(Set.of("a", "b"), 1, SECOND.multipliedBy(5), SECOND, SECOND),
              SELF,
              Memory.NOTHING,
              NOW),
          () -> NOW,
          SECOND);
  private final Thread thread =
      Thread.ofVirtual()
          .start(() -> {
            try {
              election.run(this::carryOut);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });

  private volatile boolean diskFull;

  private void carryOut(Action action) {
    if (action instanceof Action.Remember r && !diskFull) {
      election.post(new Event.Remembered(r.memory()));
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    election.close();
    thread.join();
  }

  @Test
  void aMemberThatShutsDownStillKnowsWhereToPassUpdatesOn() throws InterruptedException {
    see("b", 1);
    election.post(new Event.ShutdownRequested());
    election.awaitTaken();

    assertThat(election.standing().role()).isInstanceOf(Role.Stopped.class);
    assertThat(election.now()).isEqualTo(new Leadership.There("b", 1));

    see("c", 2);
    election.awaitTaken();

    assertThat(election.now()).isEqualTo(new Leadership.There("c", 2));
  }

  @Test
  void aMemberConfirmsInTheEpochThatItHasLearntOnceThatIsKept() throws InterruptedException {
    see("b", 1);
    election.learn(3, SECOND.multipliedBy(30));

    assertThat(election.mayConfirm(3)).isEqualTo(Standing.MayConfirm.YES);
    assertThat(election.mayConfirm(1)).isEqualTo(Standing.MayConfirm.STALE_EPOCH);
  }

  @Test
  void anEpochThatCannotBeKeptIsNotConfirmedIn() throws InterruptedException {
    see("b", 1);
    diskFull = true;
    election.learn(3, Duration.ofMillis(10));

    assertThat(election.mayConfirm(3)).isEqualTo(Standing.MayConfirm.NOT_NOW);

    diskFull = false;
    election.learn(3, SECOND.multipliedBy(30));

    assertThat(election.mayConfirm(3)).isEqualTo(Standing.MayConfirm.YES);
  }

  private void see(String holder, long epoch) {
    Lease lease =
        new Lease(
            Optional.of(holder),
            epoch,
            epoch,
            Instant.EPOCH,
            SECOND.multipliedBy(5),
            Set.of(OTHER, SELF),
            Optional.empty());
    election.post(
        new Event.LeaseSeen(Optional.of(new Event.SeenLease(lease, Long.toString(epoch)))));
  }
}
