package dev.zonekeeper.core;

import static dev.zonekeeper.core.Play.A;
import static dev.zonekeeper.core.Play.B;
import static dev.zonekeeper.core.Play.C;
import static dev.zonekeeper.core.Play.lease;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A compare-and-swap may be made, refused, lost, or made long after it was given up. */
class WriteOutcomeTest {

  @Test
  void afterAnUnknownOutcomeTheLeaseIsReadUntilItCanBe() {
    Play b = Play.started(B).sees(lease(7).released().build()).writeUnknown();
    assertThat(b.did()).containsExactly(new Action.ReadLease());
    assertThat(b.afterMillis(100).did()).containsExactly(new Action.ReadLease());
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void aTakeoverWithUnknownOutcomeThatWasMadeIsFoundOutByReading() {
    Play b = Play.started(B).sees(lease(7).released().build()).writeUnknown();
    b.sees(b.proposal());
    assertThat(b.role()).isEqualTo(new Role.Promoting(8));
    assertThat(b.did()).contains(new Action.Promote(8));
  }

  @Test
  void aTakeoverWithUnknownOutcomeThatWasNotMadeIsTriedAgain() {
    Lease free = lease(7).released().build();
    Play b = Play.started(B).sees(free).writeUnknown().sees(free);
    assertThat(b.proposes()).isTrue();
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void aTakeoverThatIsMadeAfterItWasGivenUpLeadsToAnotherEpoch() {
    Play b = Play.follower(B, lease(7).build()).on(new Event.LeaderUnreachable());
    b.on(new Event.Opinion("c", 7, false)).writeUnknown();
    Lease late = b.proposal();
    b.on(new Event.LeaderHeard(7)).sees(lease(7).build());
    assertThat(b.role()).isEqualTo(new Role.Following());
    b.sees(late);
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
    assertThat(b.proposal().epoch()).isEqualTo(11);
  }

  /** Others may have led since, unseen by this member. */
  @Test
  void aLeaseMadeAnewThatArrivesAfterItWasGivenUpLeadsToAnEpochThatNobodyElseHas() {
    Lease last = lease(7).build();
    Play b = Play.follower(B, last).on(Play.healthy(9)).seesNoLease();
    b.on(new Event.Claimed(Play.claim(A, last, 8))).on(new Event.Claimed(Play.claim(C, last, 8)));
    Lease late = b.proposal();
    b.writeUnknown().on(Play.broken()).seesNoLease();
    assertThat(b.role()).isEqualTo(new Role.Following());
    b.sees(late).on(Play.healthy(9));
    assertThat(List.of(late.epoch(), b.proposal().epoch())).isEqualTo(List.of(8L, 11L));
  }

  @Test
  void aLeaseSeenThroughAWatchCountsAsTheAnswerToTheWrite() {
    Play b = Play.started(B).sees(lease(7).released().build());
    b.sees(b.proposal());
    assertThat(b.role()).isEqualTo(new Role.Promoting(8));
    b.writeApplied();
    assertThat(b.role()).isEqualTo(new Role.Promoting(8));
    assertThat(b.did()).isEmpty();
  }

  @Test
  void aMemberThatMayHaveBeenWrittenIntoTheLeaseIsWaitedFor() {
    Play a =
        Play.leader(A, A, B).hears(B).hears(C).on(new Event.CaughtUp(C)).on(new Event.Covered(C));
    a.writeUnknown().on(new Event.Lagging(C)).sees(a.lease());
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.afterMillis(1000);
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.writeApplied();
    assertThat(a.waitsFor()).containsExactly(B);
  }

  @Test
  void aWriteThatIsMadeAfterItWasGivenUpIsTakenAsItIs() {
    Play a =
        Play.leader(A, A, B).hears(B).hears(C).on(new Event.CaughtUp(C)).on(new Event.Covered(C));
    Lease late = a.proposal();
    a.writeUnknown().on(new Event.Lagging(C)).sees(a.lease()).afterMillis(1000);
    a.writeConflict(late);
    assertThat(a.lease()).isEqualTo(late);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void aShrinkWithUnknownOutcomeDoesNotEndTheWaiting() {
    Play a = Play.leader(A, A, B, C).on(new Event.Lagging(C)).writeUnknown();
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
    a.sees(a.lease());
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void aLeaderGoesOnWhileTheStoreIsAway() {
    Play a = Play.leader(A, A, B, C).afterMillis(1000).writeUnknown();
    for (int i = 0; i < 600; i++) {
      a.afterMillis(100);
    }
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void aReadThatIsDeliveredLateChangesNothing() {
    Play a = Play.leader(A, A, B, C).hears(B).on(new Event.Lagging(C));
    Lease before = a.lease();
    a.writeApplied().sees(before);
    assertThat(a.lease().inSync()).containsExactlyInAnyOrder(A, B);
    assertThat(a.waitsFor()).containsExactly(B);
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
  }

  @Test
  void theAnswerToAWriteThatCameLongAfterTheWatchChangesNothing() {
    Play a = Play.leader(A, A, B, C).afterMillis(1000);
    Lease first = a.proposal();
    a.sees(first).sees(first.next(a.moment().wallClock()));
    a.on(new Event.WriteApplied(a.seen(first)));
    assertThat(a.lease().revision()).isEqualTo(first.revision() + 1);
  }

  @Test
  void onlyOneWriteIsUnderWayAtATime() {
    Play a = Play.leader(A, A, B, C).on(new Event.Lagging(C));
    assertThat(a.afterMillis(5000).proposes()).isFalse();
  }

  /** Else the refusal of the first would be taken for that of the second. */
  @Test
  void noSecondWriteIsMadeBeforeTheFirstWasAnsweredEvenIfItCannotSucceedAnyMore() {
    Play a = Play.leader(A, A, B).hears(C).afterMillis(1000);
    Lease wish = a.lease().next(a.moment().wallClock()).withHandoverTo(Optional.of("c"));
    a.on(new Event.CaughtUp(C)).on(new Event.Covered(C)).sees(wish);
    assertThat(a.proposes()).isFalse();
    a.writeConflict(wish);
    assertThat(a.proposes()).isTrue();
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B, C);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void anOldReadIsNotBelievedAfterTheLeaseWasDeleted() {
    Play a = Play.leader(A, A, B, C);
    Lease old = a.lease().withInSync(Set.of(A, B));
    a.afterMillis(1000).writeApplied().seesNoLease().sees(old);
    assertThat(a.standing().lastSeenLease()).isEmpty();
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void anOldCopyPutBackIntoTheStoreIsAsGoodAsNone() {
    Play a = Play.leader(A, A, B, C);
    Lease old = a.lease();
    a.afterMillis(1000).writeApplied().afterMillis(1000).writeConflict(old);
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
    assertThat(a.did()).contains(new Action.AskClaims());
    Lease last = a.proposal();
    a.on(new Event.Claimed(Play.claim(B, last, 0))).on(new Event.Claimed(Play.claim(C, last, 0)));
    assertThat(a.proposal().epoch()).isEqualTo(10);
    assertThat(a.proposalExpects()).contains(a.seen(old).version());
  }

  @Test
  void anOldCopyPutBackIsAsGoodAsNoneToWhoRemembersANewerFromAFormerLife() {
    Play b = Play.started(B, Play.SETTINGS, Memory.of(lease(9).build()));
    b.sees(lease(8).build());
    assertThat(b.standing().lastSeenLease()).isEmpty();
    assertThat(b.did()).contains(new Action.AskClaims());
  }

  @Test
  void aLeaseMadeAnewIsSeenByWhoNeverSawThatTheOldOneWasDeleted() {
    Play b = Play.follower(B, lease(7).revision(1000).build());
    b.sees(lease(8).heldBy("c").revision(12).inSync(C).build());
    assertThat(b.standing().leaderName()).contains("c");
  }

  @Test
  void aLeaderStepsDownForALeaseMadeAnewWithALowerRevision() {
    Play a = Play.leader(A, A, B, C).sees(lease(8).heldBy("c").revision(2).inSync(C).build());
    assertThat(a.role()).isEqualTo(new Role.Demoting());
  }
}
