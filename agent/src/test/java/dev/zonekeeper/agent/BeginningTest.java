package dev.zonekeeper.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.core.Election;
import dev.zonekeeper.core.Event;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.Memory;
import dev.zonekeeper.core.Moment;
import dev.zonekeeper.core.Settings;
import dev.zonekeeper.core.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BeginningTest {
  private static final MemberId SELF = new MemberId("a", "1");
  private static final MemberId OTHER = new MemberId("b", "1");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Moment NOW = new Moment(SECOND, Instant.EPOCH);

  private final Beginning beginning = new Beginning();
  private Standing standing =
      Standing.starting(
          new Settings(Set.of("a", "b", "c"), 2, SECOND.multipliedBy(5), SECOND, SECOND),
          SELF,
          Memory.NOTHING,
          NOW);
  private long revision;

  @Test
  void whoHasNotReadTheLeaseYetIsNotReady() {
    assertThat(beginning.notReady(standing)).contains("it has not been in sync since its start");
  }

  @Test
  void whileTheLeadIsHandedOverWhoIsBehindStaysNotReady() {
    see(Optional.of("b"), Set.of(OTHER));
    see(Optional.empty(), Set.of(OTHER));

    assertThat(beginning.notReady(standing)).isPresent();
  }

  @Test
  void aMemberIsNotReadyBeforeItHoldsWhatTheLeaderHolds() {
    see(Optional.of("b"), Set.of(OTHER));

    assertThat(beginning.notReady(standing)).contains("it has not been in sync since its start");
  }

  @Test
  void onceItWasInSyncItStaysReadyForItPassesUpdatesOn() {
    see(Optional.of("b"), Set.of(OTHER, SELF));
    assertThat(beginning.notReady(standing)).isEmpty();

    see(Optional.of("b"), Set.of(OTHER));
    assertThat(beginning.notReady(standing)).isEmpty();
  }

  @Test
  void anotherLifeOfThisMemberDoesNotCount() {
    see(Optional.of("b"), Set.of(OTHER, new MemberId("a", "0")));

    assertThat(beginning.notReady(standing)).isPresent();
  }

  private void see(Optional<String> holder, Set<MemberId> inSync) {
    revision++;
    Lease lease =
        new Lease(
            holder, 1, revision, Instant.EPOCH, SECOND.multipliedBy(5), inSync, Optional.empty());
    Event seen = new Event.LeaseSeen(Optional.of(new Event.SeenLease(lease, "v" + revision)));
    standing = Election.step(standing, seen, NOW).standing();
  }
}
