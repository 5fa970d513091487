package dev.zonekeeper.core;

import static dev.zonekeeper.core.Play.A;
import static dev.zonekeeper.core.Play.B;
import static dev.zonekeeper.core.Play.C;
import static dev.zonekeeper.core.Play.OLD_A;
import static dev.zonekeeper.core.Play.claim;
import static dev.zonekeeper.core.Play.fresh;
import static dev.zonekeeper.core.Play.freshClaim;
import static dev.zonekeeper.core.Play.healthy;
import static dev.zonekeeper.core.Play.lease;
import static dev.zonekeeper.core.Play.resyncing;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** No lease: either nothing ever was, or it is made anew by one who held every update. */
class DeletedLeaseTest {

  private static Play withoutLease(MemberId self, Lease remembered, long progress) {
    return Play.started(
            self, Play.SETTINGS, remembered == null ? Memory.NOTHING : Memory.of(remembered))
        .on(healthy(progress))
        .seesNoLease();
  }

  private static Claim notReady(Claim c) {
    return new Claim(
        c.id(),
        c.fresh(),
        c.healthy(),
        false,
        c.leading(),
        c.contending(),
        c.lastLease(),
        c.knownEpoch(),
        c.progress());
  }

  private static Claim contending(Claim c) {
    return new Claim(
        c.id(),
        c.fresh(),
        c.healthy(),
        c.ready(),
        c.leading(),
        true,
        c.lastLease(),
        c.knownEpoch(),
        c.progress());
  }

  private static Claim hasHeardOf(long epoch, Claim c) {
    return new Claim(
        c.id(),
        c.fresh(),
        c.healthy(),
        c.ready(),
        c.leading(),
        c.contending(),
        c.lastLease(),
        epoch,
        c.progress());
  }

  /** Its named does not answer, so it does not know its serials. */
  private static Claim leading(Claim c) {
    return new Claim(
        c.id(),
        c.fresh(),
        c.healthy(),
        c.ready(),
        true,
        c.contending(),
        c.lastLease(),
        c.knownEpoch(),
        c.progress());
  }

  private static Claim silent(Claim c) {
    return new Claim(
        c.id(),
        c.fresh(),
        false,
        false,
        c.leading(),
        c.contending(),
        c.lastLease(),
        c.knownEpoch(),
        Optional.empty());
  }

  private static Play says(Play play, Claim claim) {
    return play.on(new Event.Claimed(claim));
  }

  @Test
  void onTheFirstStartTheFirstByNameMakesTheLease() {
    Play a = Play.started(A).on(fresh()).seesNoLease();
    says(says(a, freshClaim(B)), freshClaim(C));
    assertThat(a.role()).isEqualTo(new Role.Contending(false));
    assertThat(a.proposal().epoch()).isEqualTo(1);
    assertThat(a.proposal().inSync()).containsExactly(A);
    assertThat(a.proposalExpects()).isEmpty();
  }

  @Test
  void onTheFirstStartTheOthersLeaveItToTheFirst() {
    Play b = Play.started(B).on(fresh()).seesNoLease();
    says(says(b, freshClaim(A)), freshClaim(C));
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why()).contains("a makes it");
  }

  @Test
  void onTheFirstStartAMemberThatIsNotReadyIsPassedOver() {
    Play b = Play.started(B).on(fresh()).seesNoLease();
    says(b, notReady(freshClaim(A)));
    assertThat(says(b, freshClaim(C)).role()).isEqualTo(new Role.Contending(false));
  }

  /** Its readiness changed between the looks of two members. */
  @Test
  void onTheFirstStartTwoThatTakeThemselvesForTheFirstProposeDifferentEpochs() {
    Play a = Play.started(A).on(fresh()).seesNoLease();
    says(says(a, freshClaim(B)), freshClaim(C));
    Play b = Play.started(B).on(fresh()).seesNoLease();
    says(says(b, notReady(freshClaim(A))), freshClaim(C));
    assertThat(a.proposal().epoch()).isEqualTo(1);
    assertThat(b.proposal().epoch()).isEqualTo(2);
  }

  /** Somebody led, and may have had data: this is not the first start. */
  @Test
  void whereAnEpochWasHeardOfNobodyStartsAfresh() {
    Play a = Play.started(A).on(fresh()).seesNoLease();
    says(says(a, hasHeardOf(9, freshClaim(B))), freshClaim(C));
    assertThat(a.role()).isEqualTo(new Role.Following());
    assertThat(a.standing().why()).contains("failover --force");
  }

  @Test
  void onTheFirstStartNobodyMakesALeaseWhileAnotherMayBeAtIt() {
    Play b = Play.started(B).on(fresh()).seesNoLease();
    says(says(b, contending(notReady(freshClaim(A)))), freshClaim(C));
    assertThat(b.role()).isEqualTo(new Role.Following());
  }

  @Test
  void nobodyMakesALeaseBeforeAllOfThePrimarySetHaveAnswered() {
    Play a = says(withoutLease(A, lease(7).build(), 100), claim(B, lease(7).build(), 90));
    assertThat(a.role()).isEqualTo(new Role.Following());
    assertThat(a.standing().why()).isEqualTo("there is no lease; it waits for an answer of c");
    assertThat(a.afterMillis(200).did()).containsExactly(new Action.AskClaims());
  }

  @Test
  void theMemberInSyncWithTheHighestSerialsMakesTheLeaseAnewInItsNextEpoch() {
    Lease last = lease(7).revision(40).build();
    Play b = says(withoutLease(B, last, 100), claim(A, last, 90));
    says(b, claim(C, last, 80));
    assertThat(b.proposal().holder()).contains("b");
    assertThat(b.proposal().epoch()).isEqualTo(8);
    assertThat(b.proposal().revision()).isEqualTo(41);
    assertThat(b.proposal().inSync()).containsExactly(B);
  }

  /** Each takes itself for the best: what it knows of the others is of an earlier moment. */
  @Test
  void membersThatMakeTheLeaseAnewAtTheSameTimeDoSoInDifferentEpochs() {
    Lease last = lease(7).build();
    Play a = says(says(withoutLease(A, last, 9), claim(B, last, 8)), claim(C, last, 8));
    Play b = says(says(withoutLease(B, last, 9), claim(A, last, 8)), claim(C, last, 8));
    Play c = says(says(withoutLease(C, last, 9), claim(A, last, 8)), claim(B, last, 8));
    assertThat(List.of(a, b, c))
        .extracting(member -> member.proposal().epoch())
        .doesNotHaveDuplicates()
        .allMatch(epoch -> epoch > 5);
  }

  /** Its create may arrive after the lease that this member makes was deleted in turn. */
  @Test
  void nobodyMakesTheLeaseAnewWhileAnotherMayBeAtIt() {
    Lease last = lease(7).build();
    Play b = says(withoutLease(B, last, 100), contending(claim(A, last, 90)));
    says(b, claim(C, last, 80));
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why())
        .isEqualTo("there is no lease; it waits for the outcome of a proposal of a");
    says(b, claim(A, last, 90));
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void aMemberSaysThatItContendsUntilItKnowsTheOutcome() {
    Lease last = lease(7).build();
    Play b = withoutLease(B, last, 100);
    assertThat(b.standing().claim().contending()).isFalse();
    says(says(b, claim(A, last, 90)), claim(C, last, 80));
    assertThat(b.standing().claim().contending()).isTrue();
    b.writeUnknown();
    assertThat(b.standing().claim().contending()).isTrue();
    b.sees(lease(9).heldBy("a").inSync(A).build());
    assertThat(b.standing().claim().contending()).isFalse();
  }

  @Test
  void aMemberSaysThatItContendsUntilItsProposalIsAnsweredEvenIfItCannotBeMadeAnyMore() {
    Lease last = lease(7).build();
    Play b = says(says(withoutLease(B, last, 9), claim(A, last, 8)), claim(C, last, 8));
    b.sees(lease(9).heldBy("a").inSync(A).build());
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().claim().contending()).isTrue();
    b.writeConflict(lease(9).heldBy("a").inSync(A).build());
    assertThat(b.standing().claim().contending()).isFalse();
  }

  @Test
  void nobodyMakesTheLeaseAnewWhileTheStoreDoesNotAnswer() {
    Lease last = lease(7).build();
    Play b = says(withoutLease(B, last, 100), claim(A, last, 90)).on(new Event.LeaseUnread());
    says(b, claim(C, last, 80));
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.seesNoLease().role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void whoHasLowerSerialsWaits() {
    Lease last = lease(7).build();
    Play b = says(says(withoutLease(B, last, 80), claim(A, last, 90)), claim(C, last, 70));
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why()).contains("a holds the highest serials");
  }

  @Test
  void whoWasNotInSyncDoesNotMakeItWhateverItsSerials() {
    Lease last = lease(7).inSync(A, B).build();
    Play c = says(says(withoutLease(C, last, 999), claim(A, last, 90)), claim(B, last, 90));
    assertThat(c.role()).isEqualTo(new Role.Following());
  }

  @Test
  void theNewestCopyOfTheLeaseCountsWhoeverKeptIt() {
    Lease old = lease(7).revision(10).inSync(A, B, C).build();
    Lease newer = lease(7).revision(11).inSync(A, B).build();
    Play c = says(says(withoutLease(C, old, 999), claim(A, newer, 1)), claim(B, old, 1));
    assertThat(c.role()).isEqualTo(new Role.Following());
    assertThat(c.standing().why()).contains("a holds the highest serials");
  }

  @Test
  void theCopyOfAHigherEpochIsNewerWhateverItsRevision() {
    Lease old = lease(7).revision(1000).inSync(A, B, C).build();
    Lease newer = lease(8).revision(3).inSync(A, B).build();
    Play c = says(says(withoutLease(C, old, 999), claim(A, newer, 1)), claim(B, old, 1));
    assertThat(c.role()).isEqualTo(new Role.Following());
  }

  /** The leader of epoch 9, whose disk is lost: who was in sync in it is written nowhere. */
  @Test
  void whenAnEpochIsKnownWhoseLeaseNobodyKeptAPersonHasToDecide() {
    Lease last = lease(7).inSync(OLD_A, B, C).build();
    Play b = says(withoutLease(B, last, 10), freshClaim(A));
    says(b, hasHeardOf(9, claim(C, last, 9)));
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why())
        .contains("no member has kept that of epoch 9")
        .contains("failover --force");
  }

  @Test
  void theEpochOnItsOwnDiskCountsToo() {
    Lease last = lease(7).inSync(OLD_A, B, C).build();
    Play b =
        Play.started(B, Play.SETTINGS, new Memory(Optional.of(last), 9))
            .on(healthy(10))
            .seesNoLease();
    says(says(b, freshClaim(A)), claim(C, last, 9));
    assertThat(b.role()).isEqualTo(new Role.Following());
  }

  /** What the silent one holds may be more than the newest copy of the lease tells of. */
  @Test
  void nobodyMakesItBeforeEachThatWasInSyncKnowsItsSerials() {
    Lease last = lease(7).build();
    Play b = says(withoutLease(B, last, 100), silent(claim(A, last, 0)));
    says(b, claim(C, last, 80));
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why()).contains("it waits for the serials of a");
    says(b, claim(A, last, 90));
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void whoWasNotInSyncNeedNotTellItsSerials() {
    Lease last = lease(7).inSync(A, B).build();
    Play b = says(says(withoutLease(B, last, 100), claim(A, last, 90)), silent(claim(C, last, 0)));
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void aMemberThatLostItsDiskIsNoCandidate() {
    Lease last = lease(7).inSync(OLD_A, B).build();
    Play b = says(withoutLease(B, last, 10), freshClaim(A));
    says(b, claim(C, last, 99));
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void whenAllThatWereInSyncHaveLostTheirDataAPersonHasToDecide() {
    Lease last = lease(7).inSync(OLD_A).build();
    Play b = says(says(withoutLease(B, last, 10), freshClaim(A)), claim(C, last, 9));
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why()).contains("failover --force");
  }

  @Test
  void dataWithoutAnyCopyOfALeaseNeedsAPersonToo() {
    Play b = says(says(withoutLease(B, null, 10), freshClaim(A)), freshClaim(C));
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why()).contains("failover --force");
  }

  @Test
  void whoIsInTheMiddleOfAFullTransferDoesNotMakeTheLease() {
    Lease last = lease(7).build();
    Play b = withoutLease(B, last, 100).on(resyncing());
    says(says(b, claim(A, last, 90)), claim(C, last, 80));
    assertThat(b.role()).isEqualTo(new Role.Following());
  }

  /** It may be shown the old lease once more, and would go on with it. */
  @Test
  void whileALeaderIsThereItMakesTheLeaseWhateverTheSerials() {
    Lease last = lease(7).build();
    Play b =
        says(says(withoutLease(B, last, 100), leading(claim(A, last, 90))), claim(C, last, 80));
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why()).contains("a, which leads, makes it anew");

    Play a = Play.leader(A, A, B, C).on(healthy(90));
    Lease kept = a.lease();
    says(says(a.seesNoLease(), claim(B, kept, 100)), claim(C, kept, 99));
    assertThat(a.role()).isEqualTo(new Role.Contending(true));
  }

  @Test
  void aLeaderOfAnEarlierTimeDoesNotHoldUpThoseThatWereInSync() {
    Lease last = lease(7).inSync(B, C).build();
    Play b = says(withoutLease(B, last, 100), leading(claim(A, lease(6).build(), 90)));
    says(b, claim(C, last, 80));
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void aLeaderWhoseLeaseIsDeletedMakesItAnewWithoutLettingGoOfItsNamed() {
    Play a = Play.leader(A, A, B, C).on(healthy(100)).seesNoLease();
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
    Lease last = a.proposal();
    says(says(a, claim(B, last, 100)), claim(C, last, 99));
    assertThat(a.role()).isEqualTo(new Role.Contending(true));
    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Promoting(10));
    assertThat(a.lease().inSync()).containsExactly(A);
  }

  @Test
  void aLeaderWithoutALeaseGoesOnWaitingForTheSameMembers() {
    Play a = Play.leader(A, A, B, C).seesNoLease();
    a.on(new Event.Lagging(C)).afterMillis(1000);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);
  }

  /** The read was of before the lease was made, and the proposal under way has been made since. */
  @Test
  void whomAProposalNamesIsWaitedForAlsoAfterAnOldReadOfNoLease() {
    Play a =
        Play.leader(A, A, B).hears(B).hears(C).on(new Event.CaughtUp(C)).on(new Event.Covered(C));
    Lease before = a.lease();
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B, C);
    a.writeUnknown().seesNoLease().on(new Event.Lagging(C)).sees(before);
    assertThat(a.waitsFor()).containsExactlyInAnyOrder(B, C);

    a.afterMillis(1000).writeApplied();
    assertThat(a.lease().inSync()).containsExactlyInAnyOrder(A, B);
    assertThat(a.waitsFor()).containsExactly(B);
  }

  @Test
  void aLeaderWhoseLeaseIsThereAgainSaysThatItLeads() {
    Play a = Play.leader(A, A, B, C).on(healthy(100));
    String why = a.standing().why();
    a.seesNoLease();
    assertThat(a.standing().why()).contains("there is no lease");
    a.sees(a.proposal());
    assertThat(a.standing().why()).isEqualTo(why);
  }

  @Test
  void aLeaderWhoseLeaseIsMadeAnewByAnotherStepsDown() {
    Play a = Play.leader(A, A, B, C).on(healthy(100)).seesNoLease();
    says(says(a, claim(B, a.proposal(), 100)), claim(C, a.proposal(), 99));
    a.writeConflict(lease(8).heldBy("b").revision(99).inSync(B).build());
    assertThat(a.role()).isEqualTo(new Role.Demoting());
  }

  @Test
  void aMemberClaimsTheLastRevisionThatItHasSeen() {
    Play b = Play.follower(B, lease(7).revision(10).build());
    b.sees(lease(7).revision(11).build());
    assertThat(b.standing().claim().lastLease().orElseThrow().revision()).isEqualTo(11);
    assertThat(b.did()).isEmpty();
  }

  /** What it was an hour ago says nothing: it may have followed another lease since. */
  @Test
  void anOldAnswerDoesNotCount() {
    Play a =
        Play.started(A).on(fresh()).on(new Event.LocalState(true, false, true, Optional.of(0L)));
    a.seesNoLease();
    says(says(a, freshClaim(B)), freshClaim(C));
    a.afterMillis(60_000).on(fresh());
    assertThat(a.role()).isEqualTo(new Role.Following());
    assertThat(a.standing().why()).contains("waits for an answer of b, c");
  }
}
