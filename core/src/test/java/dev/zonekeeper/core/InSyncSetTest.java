package dev.zonekeeper.core;

import static dev.zonekeeper.core.Play.A;
import static dev.zonekeeper.core.Play.B;
import static dev.zonekeeper.core.Play.C;
import static dev.zonekeeper.core.Play.OLD_C;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who joins is waited for before the lease says so; who leaves, until after. */
class InSyncSetTest {

  @Test
  void aMemberThatHasCaughtUpIsWaitedForBeforeTheLeaseIsTouched() {
    Play a = Play.leader(A, A, B).on(new Event.CaughtUp(C));
    assertThat(a.did()).containsExactly(new Action.WaitFor(Set.of(B, C), 2));
  }

  @Test
  void aMemberIsWrittenIntoTheLeaseOnlyWhenItIsCovered() {
    Play a = Play.leader(A, A, B).hears(C).on(new Event.CaughtUp(C)).afterMillis(1000);
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B);
    a.writeApplied().on(new Event.Covered(C));
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B, C);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.writeApplied();
    assertThat(a.lease().inSync()).containsExactlyInAnyOrder(A, B, C);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void whoWasNotWaitedForCannotBeCovered() {
    Play a = Play.leader(A, A, B).on(new Event.Covered(C)).afterMillis(1000);
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void aMemberThatStopsConfirmingWhileItJoinsHasToCatchUpAnew() {
    Play a = Play.leader(A, A, B).on(new Event.CaughtUp(C)).on(new Event.Lagging(C));
    assertThat(a.waitsFor()).containsExactly(B);
    a.on(new Event.Covered(C)).afterMillis(1000);
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void aMemberThatLagsWhileItIsBeingWrittenIntoTheLeaseIsWaitedForUntilTheOutcomeIsKnown() {
    Play a = Play.leader(A, A, B).hears(C).on(new Event.CaughtUp(C)).on(new Event.Covered(C));
    a.on(new Event.Lagging(C));
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.writeApplied();
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void aMemberOutsideOfThePrimarySetDoesNotJoin() {
    Play a = Play.leader(A, A, B).on(new Event.CaughtUp(new MemberId("secondary-0", "1")));
    assertThat(a.did()).isEmpty();
  }

  @Test
  void whoIsInSyncAlreadyDoesNotJoin() {
    Play a = Play.leader(A, A, B).on(new Event.CaughtUp(B));
    assertThat(a.did()).isEmpty();
  }

  @Test
  void aMemberThatLostItsDiskReplacesItsOldSelfOnceItIsCovered() {
    Play a = Play.leader(A, A, B, OLD_C).hears(B).hears(C).on(new Event.CaughtUp(C));
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, OLD_C, C);
    a.on(new Event.Covered(C));
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B, C);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, OLD_C, C);
    a.writeApplied();
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void ofTwoLivesOfOneMemberTheLaterJoins() {
    Play a = Play.leader(A, A, B).on(new Event.CaughtUp(OLD_C)).on(new Event.CaughtUp(C));
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void aMemberThatLagsIsWaitedForUntilTheLeaseWithoutItIsWritten() {
    Play a = Play.leader(A, A, B, C).hears(B).on(new Event.Lagging(C));
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.writeApplied();
    assertThat(a.waitsFor()).containsExactly(B);
  }

  @Test
  void theNewSetIsRememberedBeforeCommitsStopToWait() {
    Play a = Play.leader(A, A, B, C).hears(B).on(new Event.Lagging(C)).writeApplied();
    assertThat(a.did())
        .containsExactly(
            new Action.Remember(Memory.of(a.proposal())), new Action.WaitFor(Set.of(B), 2));
  }

  @Test
  void commitsWaitForAMemberTakenOutUntilThatIsKept() {
    Play a =
        Play.leader(A, A, B, C).hears(B).on(new Event.Lagging(C)).diskFull(true).writeApplied();
    assertThat(a.lease().inSync()).containsExactlyInAnyOrder(A, B);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.diskFull(false).afterMillis(1000).writeApplied();
    assertThat(a.waitsFor()).containsExactly(B);
  }

  /** Else the lease could be lost together with the only copy that does not name it. */
  @Test
  void commitsWaitForAMemberTakenOutUntilAllThatStayHaveKeptThat() {
    Play a = Play.leader(A, A, B, C);
    Lease.Edition before = a.lease().edition();
    a.hears(B, before).on(new Event.Lagging(C)).writeApplied();
    assertThat(a.lease().inSync()).containsExactlyInAnyOrder(A, B);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);

    Lease.Edition removal = a.lease().edition();
    a.afterMillis(1000).writeApplied().hears(B, before);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.hears(B, removal);
    assertThat(a.waitsFor()).containsExactly(B);
  }

  @Test
  void aMemberTakenOutWhileAnotherLeavesStillIsWaitedForAsWell() {
    Play a = Play.leader(Play.settings(1, "a", "b", "c"), A, A, B, C);
    Lease.Edition before = a.lease().edition();
    a.hears(B, before).on(new Event.Lagging(C)).writeApplied();
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.on(new Event.Lagging(B)).writeApplied();
    assertThat(a.lease().inSync()).containsExactly(A);
    assertThat(a.waitsFor()).isEmpty();
  }

  @Test
  void whoComesBackBeforeThatIsKeptLeavesNoMore() {
    Play a = Play.leader(A, A, B, C);
    a.hears(B, a.lease().edition()).hears(C).on(new Event.Lagging(C)).writeApplied();
    a.on(new Event.CaughtUp(C)).on(new Event.Covered(C)).writeApplied();
    assertThat(a.lease().inSync()).containsExactlyInAnyOrder(A, B, C);
    a.hears(B, a.lease().edition());
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  /** The copy that it has may name somebody who has missed updates since. */
  @Test
  void aMemberJoinsOnceItHasKeptWhoWasTakenOut() {
    Play a = Play.leader(A, A, B);
    Lease.Edition begin = a.lease().edition();
    a.hears(C, new Lease.Edition(6, 10)).on(new Event.CaughtUp(C)).on(new Event.Covered(C));
    assertThat(a.proposes()).isFalse();
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.hears(C, begin);
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B, C);
  }

  @Test
  void whatAFormerLifeOfAMemberHadKeptDoesNotCount() {
    Play a = Play.leader(A, A, B).hears(OLD_C);
    a.on(new Event.CaughtUp(C)).on(new Event.Covered(C));
    assertThat(a.proposes()).isFalse();
  }

  @Test
  void aMemberThatConfirmsAgainInTimeStays() {
    Play a = Play.leader(A, A, B, C).on(new Event.Lagging(C)).writeUnknown();
    a.on(new Event.Responding(C)).sees(a.lease()).afterMillis(1000);
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B, C);
  }

  @Test
  void nobodyIsRemovedWhenTooFewWouldBeLeft() {
    Play a = Play.leader(A, A, B).on(new Event.Lagging(B)).afterMillis(1000);
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B);
    assertThat(a.waitsFor()).containsExactly(B);
    assertThat(a.required()).isEqualTo(2);
  }

  @Test
  void whenTwoLagNobodyIsRemovedAndWhenOneComesBackTheOtherIs() {
    Play a = Play.leader(A, A, B, C).afterMillis(1000);
    a.on(new Event.Lagging(B)).on(new Event.Lagging(C)).writeApplied();
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B, C);
    a.on(new Event.Responding(C));
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, C);
  }

  @Test
  void whoJoinsTakesThePlaceOfWhoLagsInOneWrite() {
    Play a = Play.leader(A, A, B).hears(C).on(new Event.Lagging(B)).on(new Event.CaughtUp(C));
    a.on(new Event.Covered(C));
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, C);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.writeApplied();
    assertThat(a.waitsFor()).containsExactly(C);
  }

  @Test
  void withMinInSyncOneALeaderMayGoOnAlone() {
    Play a = Play.leader(Play.settings(1, "a", "b", "c"), A, A, B).on(new Event.Lagging(B));
    assertThat(a.proposal().inSync()).containsExactly(A);
    assertThat(a.writeApplied().waitsFor()).isEmpty();
    assertThat(a.required()).isEqualTo(1);
  }

  @Test
  void aChangeOfMinInSyncIsToldToTheCommitters() {
    Play a = Play.leader(A, A, B, C);
    a.on(new Event.SettingsChanged(Play.settings(3, "a", "b", "c")));
    assertThat(a.did()).containsExactly(new Action.WaitFor(Set.of(B, C), 3));
  }

  @Test
  void minInSyncIsNeverMoreThanThePrimarySetHas() {
    assertThat(Play.settings(3, "a", "b").requiredInSync()).isEqualTo(2);
  }

  @Test
  void aHigherMinInSyncKeepsWhoLags() {
    Play a = Play.leader(A, A, B, C);
    a.on(new Event.SettingsChanged(Play.settings(3, "a", "b", "c"))).on(new Event.Lagging(C));
    assertThat(a.proposes()).isFalse();
  }

  @Test
  void theCommittersAreToldOnlyWhatChanged() {
    Play a = Play.leader(A, A, B, C).afterMillis(1000).writeApplied();
    assertThat(a.did()).isEmpty();
  }

  @Test
  void theLeaseIsRenewedEverySecondAndNothingElseOfItChanges() {
    Play a = Play.leader(A, A, B, C);
    assertThat(a.afterMillis(999).proposes()).isFalse();
    assertThat(a.afterMillis(1).proposes()).isTrue();
    assertThat(a.proposal()).isEqualTo(a.lease().next(a.moment().wallClock()));
  }
}
