package dev.zonekeeper.core;

import static dev.zonekeeper.core.Play.A;
import static dev.zonekeeper.core.Play.B;
import static dev.zonekeeper.core.Play.C;
import static dev.zonekeeper.core.Play.lease;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A leader raises its own epoch when it has to, and makes way for a higher one. */
class EpochTest {

  @Test
  void aLeaderRaisesItsEpochWhenItsSerialsNeedIt() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(13));
    assertThat(a.proposal().epoch()).isEqualTo(13);
    assertThat(a.proposal().holder()).contains("a");
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Leading(13));
  }

  /** Whoever may lead beside it after the lease was deleted never gets to the same epoch. */
  @Test
  void aLeaderRaisesItsEpochOverThoseThatBelongToOthers() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(8));
    assertThat(a.proposal().epoch()).isEqualTo(10);
    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Leading(10));
    assertThat(a.proposes()).isFalse();
  }

  @Test
  void aLeaderSaysWhichEpochItLeadsNowAndWhyItTookTheLead() {
    Play a = Play.leader(A, A, B, C);
    assertThat(a.standing().why())
        .isEqualTo("it leads epoch 7: the lease names it from a former life");
    a.on(new Event.EpochWanted(13)).writeApplied();
    assertThat(a.standing().why())
        .isEqualTo("it leads epoch 13: the lease names it from a former life");
  }

  @Test
  void theRaisedEpochIsRememberedBeforeAnythingIsWrittenInIt() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(13)).writeApplied();
    assertThat(a.did())
        .isEqualTo(
            List.of(new Action.Remember(Memory.of(a.proposal())), new Action.TakeWrites(13)));
  }

  @Test
  void noWritesAreTakenInAnEpochThatTheDiskDoesNotHold() {
    Play a = Play.leader(A, A, B, C).diskFull(true).on(new Event.EpochWanted(13)).writeApplied();
    assertThat(a.did()).doesNotContain(new Action.TakeWrites(13));
    assertThat(a.diskFull(false).afterMillis(1000).writeApplied().did())
        .contains(new Action.TakeWrites(13));
  }

  @Test
  void whoIsPromotedTakesNoWritesBeforeItsDiskHoldsTheEpoch() {
    Play b = Play.started(B).sees(Play.lease(7).released().build()).diskFull(true).writeApplied();
    assertThat(b.on(new Event.Promoted(8)).did()).doesNotContain(new Action.TakeWrites(8));
    assertThat(b.diskFull(false).afterMillis(1000).writeApplied().did())
        .contains(new Action.TakeWrites(8));
  }

  @Test
  void anEpochThatIsReachedAlreadyIsNotRaised() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(7));
    assertThat(a.proposes()).isFalse();
  }

  @Test
  void anEpochWantedInAnEarlierTermIsForgotten() {
    Play a = Play.started(A).on(new Event.EpochWanted(99)).sees(lease(6).heldBy("a").build());
    a.writeApplied().on(new Event.Promoted(7));
    assertThat(a.proposes()).isFalse();
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
  }

  @Test
  void aLeaderThatHearsOfAHigherEpochStepsDown() {
    Play a = Play.leader(A, A, B, C).on(new Event.HigherEpoch(8));
    assertThat(a.role()).isEqualTo(new Role.Demoting());
    assertThat(a.did())
        .containsExactly(
            new Action.ReadLease(),
            new Action.Demote("a member knows of epoch 8, which is newer"),
            new Action.Remember(new Memory(Optional.of(a.lease()), 8)));
  }

  @Test
  void afterARestartAMemberKnowsOfTheEpochsThatItHasHeardOf() {
    Memory kept = new Memory(Optional.of(lease(7).build()), 9);
    Play b = Play.started(B, Play.SETTINGS, kept).sees(lease(8).build());
    assertThat(b.standing().mayConfirm(8)).isEqualTo(Standing.MayConfirm.STALE_EPOCH);
    assertThat(b.standing().mayConfirm(9)).isEqualTo(Standing.MayConfirm.YES);
  }

  @Test
  void nothingIsConfirmedInAnEpochBeforeItIsKept() {
    Play b = Play.follower(B, lease(7).build()).diskFull(true).on(new Event.HigherEpoch(8));
    assertThat(b.standing().mayConfirm(7)).isEqualTo(Standing.MayConfirm.STALE_EPOCH);
    assertThat(b.standing().mayConfirm(8)).isEqualTo(Standing.MayConfirm.NOT_NOW);
    b.diskFull(false).on(new Event.HigherEpoch(8));
    assertThat(b.standing().mayConfirm(8)).isEqualTo(Standing.MayConfirm.YES);
  }

  @Test
  void aLeaderThatSeesTheLeaseOfAnotherStepsDown() {
    Play a = Play.leader(A, A, B, C).sees(lease(8).heldBy("b").revision(99).build());
    assertThat(a.role()).isEqualTo(new Role.Demoting());
    a.on(new Event.Demoted());
    assertThat(a.role()).isEqualTo(new Role.Following());
  }

  @Test
  void aLeaderWhoseLeaseWasTakenAwayStepsDown() {
    Play a = Play.leader(A, A, B, C);
    a.sees(lease(7).released().revision(99).build());
    assertThat(a.role()).isEqualTo(new Role.Demoting());
  }

  @Test
  void aPromotingMemberStepsDownForAHigherEpochToo() {
    Play b = Play.started(B).sees(lease(7).released().build()).writeApplied();
    b.sees(lease(9).heldBy("c").revision(99).build());
    assertThat(b.role()).isEqualTo(new Role.Demoting());
  }

  @Test
  void anEpochThatIsKnownAlreadyIsNoReasonToStepDown() {
    Play a = Play.leader(A, A, B, C).on(new Event.HigherEpoch(7));
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
  }

  /** Followers may see the raised epoch in the lease before the leader has its answer. */
  @Test
  void aLeaderThatHearsOfTheEpochItIsJustRaisingDoesNotStepDown() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(10)).on(new Event.HigherEpoch(10));
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
    assertThat(a.did()).contains(new Action.ReadLease());
    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Leading(10));
  }

  @Test
  void aLeaderThatHearsOfAnEpochBeyondTheOneItIsRaisingStepsDown() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(10)).on(new Event.HigherEpoch(11));
    assertThat(a.role()).isEqualTo(new Role.Demoting());
  }

  @Test
  void aLeaderWhoseEpochWasTakenByAnotherStepsDownWhenItLearnsThat() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(10)).on(new Event.HigherEpoch(8));
    a.writeConflict(lease(8).heldBy("b").revision(99).inSync(B, C).build());
    assertThat(a.role()).isEqualTo(new Role.Demoting());
  }

  @Test
  void anEpochRaisedWhileItDrainsIsDrainedInTheNewOne() {
    Play a = Play.leader(A, A, B, C).hears(B).on(new Event.EpochWanted(10));
    a.on(new Event.ShutdownRequested());
    assertThat(a.role()).isEqualTo(new Role.Draining(7, "b"));
    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Draining(10, "b"));
    assertThat(a.did()).contains(new Action.Drain(10));
    a.on(new Event.Drained(10));
    assertThat(a.proposal().epoch()).isEqualTo(10);
    assertThat(a.proposal().holder()).isEmpty();
  }

  @Test
  void anEpochRaisedWhileItReleasesDoesNotStopTheHandover() {
    Play a = Play.leader(A, A, B, C).hears(B).on(new Event.EpochWanted(10));
    a.on(new Event.ShutdownRequested()).on(new Event.Drained(7));
    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Releasing(10, "b"));
    assertThat(a.proposal().holder()).isEmpty();
    assertThat(a.proposal().handoverTo()).contains("b");
    assertThat(a.proposal().epoch()).isEqualTo(10);
  }

  @Test
  void aTakeoverIntoAnEpochThatIsNotTheHighestKnownIsRaisedPastIt() {
    Play b = Play.started(B).sees(lease(7).released().build()).on(new Event.HigherEpoch(10));
    b.writeApplied().on(new Event.Promoted(8));
    assertThat(b.proposal().epoch()).isEqualTo(11);
  }
}
