package dev.zonekeeper.core;

import static dev.zonekeeper.core.Play.A;
import static dev.zonekeeper.core.Play.B;
import static dev.zonekeeper.core.Play.C;
import static dev.zonekeeper.core.Play.OLD_C;
import static dev.zonekeeper.core.Play.broken;
import static dev.zonekeeper.core.Play.healthy;
import static dev.zonekeeper.core.Play.lease;
import static dev.zonekeeper.core.Play.resyncing;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Only a member in the in-sync set, with the incarnation written there, that is ready. */
class WhoMayTakeOverTest {

  @Test
  void anInSyncMemberTakesAFreeLeaseInItsNextEpoch() {
    Play b = Play.started(B).sees(lease(7).released().build());
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
    assertThat(b.proposal().holder()).contains("b");
    assertThat(b.proposal().epoch()).isEqualTo(8);
    assertThat(b.proposal().revision()).isEqualTo(11);
    assertThat(b.proposalExpects()).contains(b.seen(lease(7).released().build()).version());
  }

  @Test
  void aMemberOutsideOfTheInSyncSetNeverTakesOver() {
    Play c = Play.started(C).sees(lease(7).released().inSync(A, B).build());
    c.afterMillis(60_000);
    c.sees(lease(7).released().inSync(A, B).build());
    assertThat(c.role()).isEqualTo(new Role.Following());
    assertThat(c.standing().why()).contains("not in the in-sync set [a, b]");
  }

  @Test
  void aMemberThatLostItsDiskIsNotInSyncWhateverItsNameIs() {
    Play c = Play.started(C).sees(lease(7).released().inSync(A, OLD_C).build());
    assertThat(c.role()).isEqualTo(new Role.Following());
    assertThat(c.proposes()).isFalse();
  }

  @Test
  void aHolderThatLostItsDiskDoesNotResumeItsLease() {
    Play c = Play.started(C).sees(lease(7).heldBy("c").inSync(A, OLD_C).build());
    assertThat(c.role()).isEqualTo(new Role.Following());
  }

  @Test
  void aMemberInTheMiddleOfAFullTransferDoesNotTakeOver() {
    Play b = Play.started(B).on(resyncing()).sees(lease(7).released().build());
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why()).contains("a full transfer is under way");
  }

  @Test
  void aMemberWhoseNamedDoesNotAnswerDoesNotTakeOver() {
    Play b = Play.started(B).on(broken()).sees(lease(7).released().build());
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why()).contains("named does not answer");
  }

  @Test
  void aMemberTakesOverAsSoonAsItIsReadyAgain() {
    Play b = Play.started(B).on(resyncing()).sees(lease(7).released().build());
    b.on(healthy(7));
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void aMemberThatHasNotReadTheLeaseDoesNothingButReadIt() {
    Play b = Play.started(B, Play.SETTINGS, Memory.of(lease(7).released().build()));
    b.afterMillis(60_000);
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.did()).containsExactly(new Action.ReadLease());
  }

  @Test
  void aTakeoverLeavesTheOldLeaderOutWhenEnoughAreLeft() {
    Play b = Play.follower(B, lease(7).inSync(A, B, C).build());
    b.on(new Event.LeaderUnreachable()).on(new Event.Opinion("c", 7, false));
    assertThat(b.proposal().inSync()).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void aTakeoverKeepsTheOldLeaderInSyncWhenTooFewWouldBeLeft() {
    Play b = Play.follower(B, lease(7).inSync(A, B).build());
    b.on(new Event.LeaderUnreachable()).on(new Event.Opinion("c", 7, false));
    assertThat(b.proposal().inSync()).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void aTakeoverOfAReleasedLeaseKeepsEverybodyInSync() {
    Play b = Play.started(B).sees(lease(7).released().handoverTo("b").build());
    assertThat(b.proposal().inSync()).containsExactlyInAnyOrder(A, B, C);
  }

  @Test
  void theNewLeaseCarriesNoWishToHandOver() {
    Play b = Play.started(B).sees(lease(7).released().handoverTo("b").build());
    assertThat(b.proposal().handoverTo()).isEmpty();
  }

  @Test
  void aTakeoverGoesPastAnEpochThatWasOnlyHeardOf() {
    Play b = Play.follower(B, lease(7).build()).on(new Event.HigherEpoch(11));
    b.on(new Event.LeaderUnreachable()).on(new Event.Opinion("c", 11, false));
    assertThat(b.proposal().epoch()).isEqualTo(14);
  }

  @Test
  void aContenderThatWasSlowerFollowsTheOneThatWasFaster() {
    Play b = Play.started(B).sees(lease(7).released().build());
    b.writeConflict(lease(9).heldBy("c").revision(11).build());
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().leaderName()).contains("c");
    assertThat(b.standing().knownEpoch()).isEqualTo(9);
  }

  @Test
  void theWinnerRemembersTheLeaseTellsItsCommittersAndOnlyThenPromotes() {
    Play b = Play.started(B).sees(lease(7).released().build()).writeApplied();
    assertThat(b.role()).isEqualTo(new Role.Promoting(8));
    assertThat(b.did())
        .containsExactly(
            new Action.Remember(Memory.of(b.proposal())),
            new Action.WaitFor(java.util.Set.of(A, C), 2),
            new Action.Promote(8));
    assertThat(b.on(new Event.Promoted(8)).did()).contains(new Action.TakeWrites(8));
    assertThat(b.role()).isEqualTo(new Role.Leading(8));
  }

  @Test
  void aPromotionOfAnEarlierEpochDoesNotCount() {
    Play b = Play.started(B).sees(lease(7).released().build()).writeApplied();
    b.on(new Event.Promoted(7));
    assertThat(b.role()).isEqualTo(new Role.Promoting(8));
  }
}
