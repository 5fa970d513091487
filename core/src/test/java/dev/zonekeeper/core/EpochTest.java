package dev.zonekeeper.core;

import static dev.zonekeeper.core.Play.A;
import static dev.zonekeeper.core.Play.B;
import static dev.zonekeeper.core.Play.C;
import static dev.zonekeeper.core.Play.lease;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A leader raises its own epoch when it has to, and makes way for a higher one. */
class EpochTest {

  @Test
  void aLeaderRaisesItsEpochWhenItsSerialsNeedIt() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(9));
    assertThat(a.proposal().epoch()).isEqualTo(9);
    assertThat(a.proposal().holder()).contains("a");
    assertThat(a.role()).isEqualTo(new Role.Leading(5));
    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Leading(9));
  }

  @Test
  void aLeaderSaysWhichEpochItLeadsNowAndWhyItTookTheLead() {
    Play a = Play.leader(A, A, B, C);
    assertThat(a.standing().why())
        .isEqualTo("it leads epoch 5: the lease names it from a former life");
    a.on(new Event.EpochWanted(9)).writeApplied();
    assertThat(a.standing().why())
        .isEqualTo("it leads epoch 9: the lease names it from a former life");
  }

  @Test
  void theRaisedEpochIsRememberedBeforeAnythingIsWrittenInIt() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(9)).writeApplied();
    assertThat(a.did())
        .isEqualTo(List.of(new Action.Remember(a.proposal()), new Action.TakeWrites(9)));
  }

  @Test
  void anEpochThatIsReachedAlreadyIsNotRaised() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(5));
    assertThat(a.proposes()).isFalse();
  }

  @Test
  void anEpochWantedInAnEarlierTermIsForgotten() {
    Play a = Play.started(A).on(new Event.EpochWanted(99)).sees(lease(4).heldBy("a").build());
    a.writeApplied().on(new Event.Promoted(5));
    assertThat(a.proposes()).isFalse();
    assertThat(a.role()).isEqualTo(new Role.Leading(5));
  }

  @Test
  void aLeaderThatHearsOfAHigherEpochStepsDown() {
    Play a = Play.leader(A, A, B, C).on(new Event.HigherEpoch(6));
    assertThat(a.role()).isEqualTo(new Role.Demoting());
    assertThat(a.did())
        .containsExactly(
            new Action.ReadLease(), new Action.Demote("a member knows of epoch 6, which is newer"));
  }

  @Test
  void aLeaderThatSeesTheLeaseOfAnotherStepsDown() {
    Play a = Play.leader(A, A, B, C).sees(lease(6).heldBy("b").revision(99).build());
    assertThat(a.role()).isEqualTo(new Role.Demoting());
    a.on(new Event.Demoted());
    assertThat(a.role()).isEqualTo(new Role.Following());
  }

  @Test
  void aLeaderWhoseLeaseWasTakenAwayStepsDown() {
    Play a = Play.leader(A, A, B, C);
    a.sees(lease(5).released().revision(99).build());
    assertThat(a.role()).isEqualTo(new Role.Demoting());
  }

  @Test
  void aPromotingMemberStepsDownForAHigherEpochToo() {
    Play b = Play.started(B).sees(lease(5).released().build()).writeApplied();
    b.sees(lease(7).heldBy("c").revision(99).build());
    assertThat(b.role()).isEqualTo(new Role.Demoting());
  }

  @Test
  void anEpochThatIsKnownAlreadyIsNoReasonToStepDown() {
    Play a = Play.leader(A, A, B, C).on(new Event.HigherEpoch(5));
    assertThat(a.role()).isEqualTo(new Role.Leading(5));
  }

  /** Followers may see the raised epoch in the lease before the leader has its answer. */
  @Test
  void aLeaderThatHearsOfTheEpochItIsJustRaisingDoesNotStepDown() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(6)).on(new Event.HigherEpoch(6));
    assertThat(a.role()).isEqualTo(new Role.Leading(5));
    assertThat(a.did()).contains(new Action.ReadLease());
    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Leading(6));
  }

  @Test
  void aLeaderThatHearsOfAnEpochBeyondTheOneItIsRaisingStepsDown() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(6)).on(new Event.HigherEpoch(7));
    assertThat(a.role()).isEqualTo(new Role.Demoting());
  }

  @Test
  void aLeaderWhoseEpochWasTakenByAnotherStepsDownWhenItLearnsThat() {
    Play a = Play.leader(A, A, B, C).on(new Event.EpochWanted(6)).on(new Event.HigherEpoch(6));
    a.writeConflict(lease(6).heldBy("b").revision(99).inSync(B, C).build());
    assertThat(a.role()).isEqualTo(new Role.Demoting());
  }

  @Test
  void anEpochRaisedWhileItDrainsIsDrainedInTheNewOne() {
    Play a = Play.leader(A, A, B, C).hears(B).on(new Event.EpochWanted(6));
    a.on(new Event.ShutdownRequested());
    assertThat(a.role()).isEqualTo(new Role.Draining(5, "b"));
    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Draining(6, "b"));
    assertThat(a.did()).contains(new Action.Drain(6));
    a.on(new Event.Drained(6));
    assertThat(a.proposal().epoch()).isEqualTo(6);
    assertThat(a.proposal().holder()).isEmpty();
  }

  @Test
  void anEpochRaisedWhileItReleasesDoesNotStopTheHandover() {
    Play a = Play.leader(A, A, B, C).hears(B).on(new Event.EpochWanted(6));
    a.on(new Event.ShutdownRequested()).on(new Event.Drained(5));
    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Releasing(6, "b"));
    assertThat(a.proposal().holder()).isEmpty();
    assertThat(a.proposal().handoverTo()).contains("b");
    assertThat(a.proposal().epoch()).isEqualTo(6);
  }

  @Test
  void aTakeoverIntoAnEpochThatIsNotTheHighestKnownIsRaisedPastIt() {
    Play b = Play.started(B).sees(lease(5).released().build()).on(new Event.HigherEpoch(8));
    b.writeApplied().on(new Event.Promoted(6));
    assertThat(b.proposal().epoch()).isEqualTo(9);
  }
}
