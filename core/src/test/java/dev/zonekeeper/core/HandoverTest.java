package dev.zonekeeper.core;

import static dev.zonekeeper.core.Play.A;
import static dev.zonekeeper.core.Play.B;
import static dev.zonekeeper.core.Play.C;
import static dev.zonekeeper.core.Play.OLD_C;
import static dev.zonekeeper.core.Play.broken;
import static dev.zonekeeper.core.Play.lease;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Drain, release, demote; and only to a member that can take it. */
class HandoverTest {
  private static final Event SHUTDOWN = new Event.ShutdownRequested();

  private static Play asked(Play leader, String target) {
    Lease now = leader.lease();
    return leader.sees(now.next(leader.moment().wallClock()).withHandoverTo(Optional.of(target)));
  }

  @Test
  void aHandoverGoesFromDrainingToReleasingToDemotingToFollowing() {
    Play a = asked(Play.leader(A, A, B, C).hears(B).hears(C), "c");
    assertThat(a.role()).isEqualTo(new Role.Draining(7, "c"));
    assertThat(a.did()).contains(new Action.Drain(7));

    a.on(new Event.Drained(7));
    assertThat(a.role()).isEqualTo(new Role.Releasing(7, "c"));
    assertThat(a.proposal().holder()).isEmpty();
    assertThat(a.proposal().handoverTo()).contains("c");
    assertThat(a.proposal().epoch()).isEqualTo(7);
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B, C);

    a.writeApplied();
    assertThat(a.role()).isEqualTo(new Role.Demoting());
    assertThat(a.did()).contains(new Action.Demote("it handed over to c"));
    assertThat(a.standing().mayConfirm(8)).isEqualTo(Standing.MayConfirm.NOT_NOW);

    a.on(new Event.Demoted()).on(new Event.HigherEpoch(8));
    assertThat(a.role()).isEqualTo(new Role.Following());
    assertThat(a.standing().mayConfirm(8)).isEqualTo(Standing.MayConfirm.YES);
  }

  /** Else the drain waits for it in vain, as when both are scaled away at once. */
  @Test
  void aMemberThatLeavesDuringTheDrainIsTakenOutOfTheInSyncSet() {
    Play a = asked(Play.leader(A, A, B, C).hears(C), "c").on(new Event.Lagging(B));
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, C);
    assertThat(a.proposal().handoverTo()).contains("c");

    a.writeApplied();
    assertThat(a.waitsFor()).containsExactly(C);
    assertThat(a.role()).isEqualTo(new Role.Draining(7, "c"));

    a.on(new Event.Drained(7));
    assertThat(a.proposal().holder()).isEmpty();
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, C);
  }

  /** The answer to the lease without it is waited for, or it would be taken for the release. */
  @Test
  void aDrainThatEndsBeforeTheSmallerSetIsWrittenIsFollowedByTheReleaseAfterIt() {
    Play a = asked(Play.leader(A, A, B, C).hears(C), "c").on(new Event.Lagging(B));
    a.on(new Event.Drained(7));
    assertThat(a.proposes()).isFalse();
    a.writeApplied();
    assertThat(a.proposal().holder()).isEmpty();
    assertThat(a.proposal().handoverTo()).contains("c");
  }

  @Test
  void aDrainOfAnEarlierEpochDoesNotCount() {
    Play a = asked(Play.leader(A, A, B, C).hears(C), "c").on(new Event.Drained(6));
    assertThat(a.role()).isEqualTo(new Role.Draining(7, "c"));
  }

  @Test
  void aTargetThatIsNotInSyncIsRefusedAndTheWishIsTakenOutOfTheLease() {
    Play a = asked(Play.leader(A, A, B).hears(C), "c");
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
    assertThat(a.proposal().handoverTo()).isEmpty();
    assertThat(a.proposal().holder()).contains("a");
  }

  @Test
  void aTargetThatIsNotReadyIsRefused() {
    Play a = Play.leader(A, A, B, C).on(new Event.FollowerHeard(C, false, Play.NOW));
    assertThat(asked(a, "c").role()).isEqualTo(new Role.Leading(7));
  }

  @Test
  void aTargetThatWasNotHeardLatelyIsRefused() {
    Play a = Play.leader(A, A, B, C).hears(C).afterMillis(750);
    assertThat(asked(a, "c").role()).isEqualTo(new Role.Leading(7));
  }

  @Test
  void aTargetThatLagsIsRefused() {
    Play a = Play.leader(A, A, B, C).hears(C).on(new Event.Lagging(C));
    assertThat(asked(a, "c").role()).isEqualTo(new Role.Leading(7));
  }

  @Test
  void aTargetThatIsInSyncOnlyWithAFormerLifeIsRefused() {
    Play a = Play.leader(A, A, B, OLD_C).hears(C);
    assertThat(asked(a, "c").role()).isEqualTo(new Role.Leading(7));
  }

  @Test
  void aWishToHandOverToItselfIsTakenOutOfTheLease() {
    Play a = asked(Play.leader(A, A, B, C).hears(B), "a");
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
    assertThat(a.proposal().handoverTo()).isEmpty();
  }

  @Test
  void aLeaderThatShutsDownHandsOverFirst() {
    Play a = Play.leader(A, A, B, C).hears(B).on(SHUTDOWN);
    assertThat(a.role()).isEqualTo(new Role.Draining(7, "b"));
    a.on(new Event.Drained(7)).writeApplied().on(new Event.Demoted());
    assertThat(a.role()).isEqualTo(new Role.Stopped());
    assertThat(a.did()).containsExactly(new Action.Stop());
  }

  @Test
  void aLeaderThatShutsDownAloneStops() {
    Play a = Play.leader(A, A, B, C).on(SHUTDOWN);
    assertThat(a.role()).isEqualTo(new Role.Stopped());
    assertThat(a.did()).containsExactly(new Action.Stop());
  }

  @Test
  void aFollowerThatShutsDownStopsAtOnceAndConfirmsNothingAnyMore() {
    Play b = Play.follower(B, lease(7).build()).on(SHUTDOWN);
    assertThat(b.role()).isEqualTo(new Role.Stopped());
    assertThat(b.standing().mayConfirm(7)).isEqualTo(Standing.MayConfirm.NOT_NOW);
  }

  @Test
  void aMemberThatPromotesFinishesThatBeforeItShutsDown() {
    Play b = Play.started(B).sees(lease(7).released().build()).writeApplied().hears(C);
    b.on(SHUTDOWN);
    assertThat(b.role()).isEqualTo(new Role.Promoting(8));
    b.on(new Event.Promoted(8));
    assertThat(b.role()).isEqualTo(new Role.Draining(8, "c"));
  }

  @Test
  void aLeaderWhoseNamedIsBrokenHandsOver() {
    Play a = Play.leader(A, A, B, C).hears(B).on(broken());
    assertThat(a.role()).isEqualTo(new Role.Draining(7, "b"));
  }

  @Test
  void aLeaderWhoseNamedIsBrokenAndWhoHasNobodyToHandOverToGoesOn() {
    Play a = Play.leader(A, A, B, C).on(broken());
    assertThat(a.role()).isEqualTo(new Role.Leading(7));
    a.hears(C);
    assertThat(a.role()).isEqualTo(new Role.Draining(7, "c"));
  }

  @Test
  void aMemberWhoseNamedCannotBecomePrimaryHandsOver() {
    Play b = Play.started(B).sees(lease(7).released().build()).writeApplied().hears(C);
    b.on(new Event.PromotionFailed(8, "no disk"));
    assertThat(b.role()).isEqualTo(new Role.Draining(8, "c"));
    b.on(new Event.Drained(8));
    assertThat(b.proposal().handoverTo()).contains("c");
  }

  @Test
  void aMemberWhoseNamedCannotBecomePrimaryReleasesTheLeaseToAnybody() {
    Play b = Play.started(B).sees(lease(7).released().build()).writeApplied();
    b.on(new Event.PromotionFailed(8, "no disk")).on(new Event.Drained(8));
    assertThat(b.proposal().holder()).isEmpty();
    assertThat(b.proposal().handoverTo()).isEmpty();
  }

  @Test
  void aReleaseWithUnknownOutcomeThatWasNotMadeIsTriedAgain() {
    Play a = asked(Play.leader(A, A, B, C).hears(C), "c").on(new Event.Drained(7));
    a.writeUnknown().sees(a.lease());
    assertThat(a.proposes()).isTrue();
    assertThat(a.proposal().holder()).isEmpty();
  }

  @Test
  void aReleaseIsFoundOutByTheTakeoverOfTheTarget() {
    Play a = asked(Play.leader(A, A, B, C).hears(C), "c").on(new Event.Drained(7));
    a.writeUnknown().sees(lease(8).heldBy("c").revision(99).build());
    assertThat(a.role()).isEqualTo(new Role.Demoting());
  }

  @Test
  void aReleaseWaitsForTheRenewalUnderWay() {
    Play a = Play.leader(A, A, B, C).hears(B).afterMillis(1000).hears(B).on(SHUTDOWN);
    a.on(new Event.Drained(7));
    assertThat(a.proposes()).isFalse();
    a.writeApplied();
    assertThat(a.proposes()).isTrue();
    assertThat(a.proposal().holder()).isEmpty();
  }
}
