package dev.zonekeeper.core;

import static dev.zonekeeper.core.Play.B;
import static dev.zonekeeper.core.Play.C;
import static dev.zonekeeper.core.Play.lease;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which states of the lease a follower writes to its disk, and whom it tells. */
class KeptLeaseTest {
  private static final Lease LEASE = lease(7).build();

  private static Play follower() {
    return Play.follower(B, LEASE);
  }

  private static Lease later(int revisions) {
    return lease(7).revision(LEASE.revision() + revisions).build();
  }

  @Test
  void theLeaderIsToldAtOnceThatItIsKept() {
    Lease smaller = lease(7).revision(LEASE.revision() + 1).inSync(Play.A, B).build();
    assertThat(follower().sees(smaller).did())
        .containsExactly(new Action.Remember(Memory.of(smaller)), new Action.TellLeader());
  }

  @Test
  void theLeaderIsNotToldWhatIsNotKept() {
    Play b = follower().diskFull(true).sees(later(5));
    assertThat(b.did()).containsExactly(new Action.Remember(Memory.of(later(5))));
    assertThat(b.standing().keptEdition()).isEqualTo(LEASE.edition());
  }

  @Test
  void theLeaderIsNotToldOfAHigherEpochThatIsKept() {
    Play b = follower().on(new Event.HigherEpoch(9));
    assertThat(b.standing().keptEpoch()).isEqualTo(9);
    assertThat(b.did()).doesNotContain(new Action.TellLeader());
  }

  @Test
  void aMereRenewalIsNotKept() {
    Play b = follower().sees(later(1)).sees(later(2));
    assertThat(b.did()).isEmpty();
    assertThat(b.standing().keptEdition()).isEqualTo(LEASE.edition());
  }

  /** Somebody may have been taken out and have come back meanwhile. */
  @Test
  void aStateAfterOneThatWasMissedIsKeptAlthoughItSaysTheSame() {
    Play b = follower().sees(later(2));
    assertThat(b.standing().keptEdition()).isEqualTo(later(2).edition());
    assertThat(b.sees(later(3)).did()).isEmpty();
  }

  @Test
  void whatTheLeaderSaysIsKeptAsIfItWereRead() {
    Play b = follower().on(new Event.LeaseHeard(later(2)));
    assertThat(b.standing().keptEdition()).isEqualTo(later(2).edition());
    assertThat(b.standing().claim().lastLease()).contains(later(2));
    assertThat(b.did()).contains(new Action.TellLeader());
  }

  @Test
  void anOlderStateThatIsHeardIsNotKept() {
    Play b = follower().sees(later(2)).on(new Event.LeaseHeard(later(1)));
    assertThat(b.did()).isEmpty();
    assertThat(b.standing().keptEdition()).isEqualTo(later(2).edition());
  }

  /** Only what the store says can be compared and swapped. */
  @Test
  void aLeaseThatWasOnlyHeardOfCannotBeTakenOver() {
    Lease released = lease(7).revision(LEASE.revision() + 2).released().build();
    Play c = Play.follower(C, LEASE).on(new Event.LeaseHeard(released));
    assertThat(c.lease()).isEqualTo(LEASE);
    assertThat(c.role()).isEqualTo(new Role.Following());
    assertThat(c.sees(released).proposes()).isTrue();
  }
}
