package dev.zonekeeper.core;

import static dev.zonekeeper.core.Play.A;
import static dev.zonekeeper.core.Play.B;
import static dev.zonekeeper.core.Play.C;
import static dev.zonekeeper.core.Play.lease;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** At once where the lease says so; otherwise when the leader is silent, to others too or long. */
class WhenToTakeOverTest {
  private static final Event.LeaderHeard HEARTBEAT = new Event.LeaderHeard(7);

  @Test
  void aMemberThatRestartsAsTheHolderTakesItsLeaseInANewEpochAtOnce() {
    Play a = Play.started(A).sees(lease(7).heldBy("a").build());
    assertThat(a.proposal().epoch()).isEqualTo(10);
    assertThat(a.proposal().holder()).contains("a");
    assertThat(a.proposal().inSync()).containsExactlyInAnyOrder(A, B, C);
  }

  @Test
  void theTargetOfAHandoverTakesTheLeaseAtOnce() {
    Play c = Play.follower(C, lease(7).build());
    c.sees(lease(7).revision(11).released().handoverTo("c").build());
    assertThat(c.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void anotherMemberLeavesTheLeaseToTheTargetForTheSilenceLimit() {
    Play b = Play.follower(B, lease(7).build());
    b.sees(lease(7).revision(11).released().handoverTo("c").build());
    b.afterMillis(749);
    assertThat(b.role()).isEqualTo(new Role.Following());
    b.afterMillis(1);
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
    assertThat(b.standing().why()).contains("which does not take it");
  }

  @Test
  void aLeaderThatIsHeardIsLeftAloneWhateverTheLeaseSays() {
    Play b = Play.follower(B, lease(7).build());
    for (int second = 0; second < 60; second++) {
      b.afterMillis(500).on(HEARTBEAT).sees(b.lease());
      b.on(new Event.Opinion("c", 7, false));
      b.afterMillis(500).on(HEARTBEAT).sees(b.lease());
    }
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().suspectsLeader(b.moment())).isFalse();
  }

  @Test
  void aSilentLeaderIsSuspectedAfterTheSilenceLimitAndTheOthersAreAsked() {
    Play b = Play.follower(B, lease(7).build());
    b.afterMillis(749);
    assertThat(b.did()).isEmpty();
    b.afterMillis(1);
    assertThat(b.did()).containsExactly(new Action.AskOpinions(7));
    assertThat(b.standing().suspectsLeader(b.moment())).isTrue();
  }

  @Test
  void theOthersAreNotAskedAtEveryEvent() {
    Play b = Play.follower(B, lease(7).build()).afterMillis(750);
    assertThat(b.afterMillis(10).did()).isEmpty();
    assertThat(b.afterMillis(180).did()).containsExactly(new Action.AskOpinions(7));
  }

  @Test
  void aBrokenConnectionIsEnoughToAsk() {
    Play b = Play.follower(B, lease(7).build()).on(new Event.LeaderUnreachable());
    assertThat(b.did()).containsExactly(new Action.AskOpinions(7));
  }

  @Test
  void aMajorityThatDoesNotHearTheLeaderIsEnough() {
    Play b = Play.follower(B, lease(7).build()).afterMillis(750);
    b.on(new Event.Opinion("c", 7, false));
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
    assertThat(b.standing().why()).isEqualTo("2 of 3 members do not hear a any more");
  }

  @Test
  void amongFiveThreeMustAgree() {
    Settings five = Play.settings(2, "a", "b", "c", "d", "e");
    Play b = Play.started(B, five, Memory.NOTHING).sees(lease(7).build()).on(HEARTBEAT);
    b.on(new Event.LeaderUnreachable()).on(new Event.Opinion("c", 7, false));
    assertThat(b.role()).isEqualTo(new Role.Following());
    b.on(new Event.Opinion("e", 7, false));
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void nobodyCountsTwiceAndNobodyOutsideOfThePrimarySetCounts() {
    Settings five = Play.settings(2, "a", "b", "c", "d", "e");
    Play b = Play.started(B, five, Memory.NOTHING).sees(lease(7).build()).on(HEARTBEAT);
    b.on(new Event.LeaderUnreachable());
    b.on(new Event.Opinion("c", 7, false)).on(new Event.Opinion("c", 7, false));
    b.on(new Event.Opinion("b", 7, false)).on(new Event.Opinion("secondary-0", 5, false));
    assertThat(b.role()).isEqualTo(new Role.Following());
  }

  @Test
  void aMemberThatStillHearsTheLeaderStopsTheTakeover() {
    Play b = Play.follower(B, lease(7).build()).on(new Event.LeaderUnreachable());
    b.on(new Event.Opinion("c", 7, true));
    assertThat(b.role()).isEqualTo(new Role.Following());
  }

  @Test
  void whoTakesBackItsOpinionDoesNotCount() {
    Settings five = Play.settings(2, "a", "b", "c", "d", "e");
    Play b = Play.started(B, five, Memory.NOTHING).sees(lease(7).build()).on(HEARTBEAT);
    b.on(new Event.LeaderUnreachable());
    b.on(new Event.Opinion("c", 7, false)).on(new Event.Opinion("c", 7, true));
    b.on(new Event.Opinion("d", 7, false));
    assertThat(b.role()).isEqualTo(new Role.Following());
  }

  @Test
  void anOldOpinionDoesNotCount() {
    Play b = Play.follower(B, lease(7).build()).on(new Event.Opinion("c", 7, false));
    b.afterMillis(751);
    assertThat(b.role()).isEqualTo(new Role.Following());
  }

  @Test
  void anOpinionAboutAnotherEpochDoesNotCount() {
    Play b = Play.follower(B, lease(7).build()).on(new Event.LeaderUnreachable());
    b.on(new Event.Opinion("c", 6, false));
    assertThat(b.role()).isEqualTo(new Role.Following());
  }

  @Test
  void anAnswerOfTheLeaderForgetsAllOpinions() {
    Play b = Play.follower(B, lease(7).build()).on(new Event.Opinion("c", 7, false));
    b.on(HEARTBEAT).on(new Event.LeaderUnreachable());
    assertThat(b.role()).isEqualTo(new Role.Following());
  }

  @Test
  void anAnswerOfAnOlderEpochIsNoSignOfTheLeadersLife() {
    Play b = Play.follower(B, lease(7).build());
    b.afterMillis(700).on(new Event.LeaderHeard(6)).afterMillis(50);
    assertThat(b.standing().suspectsLeader(b.moment())).isTrue();
  }

  @Test
  void aCommitRequestIsASignOfTheLeadersLife() {
    Play b = Play.follower(B, lease(7).build());
    b.afterMillis(700).on(new Event.CommitAsked(7)).afterMillis(700);
    assertThat(b.standing().suspectsLeader(b.moment())).isFalse();
    b.afterMillis(50);
    assertThat(b.standing().suspectsLeader(b.moment())).isTrue();
  }

  @Test
  void aCommitRequestOfAnOlderEpochIsNone() {
    Play b = Play.follower(B, lease(7).build());
    b.afterMillis(700).on(new Event.CommitAsked(6)).afterMillis(50);
    assertThat(b.standing().suspectsLeader(b.moment())).isTrue();
  }

  @Test
  void aCommitRequestDoesNotMakeUpForALostConnection() {
    Play b = Play.follower(B, lease(7).build());
    b.on(new Event.LeaderUnreachable()).on(new Event.CommitAsked(7));
    assertThat(b.standing().suspectsLeader(b.moment())).isTrue();
  }

  @Test
  void aSilentLeaderWhoseLeaseDidNotChangeForItsDurationIsGone() {
    Play b = Play.follower(B, lease(7).build());
    b.afterMillis(4999).sees(b.lease());
    assertThat(b.role()).isEqualTo(new Role.Following());
    b.afterMillis(1).sees(b.lease());
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
    assertThat(b.standing().why()).contains("has expired and it is silent");
  }

  @Test
  void aLeaseThatCouldNotBeReadDoesNotExpire() {
    Play b = Play.follower(B, lease(7).build()).after(Duration.ofMinutes(10));
    assertThat(b.role()).isEqualTo(new Role.Following());
  }

  @Test
  void aRenewalStartsTheLeaseAnew() {
    Play b = Play.follower(B, lease(7).revision(10).build()).afterMillis(3000);
    b.sees(lease(7).revision(11).build()).afterMillis(4000).sees(lease(7).revision(11).build());
    assertThat(b.role()).isEqualTo(new Role.Following());
    b.afterMillis(1000).sees(lease(7).revision(11).build());
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void aNewLeaderHasTheSilenceLimitToBeHeardFirst() {
    Play b = Play.follower(B, lease(7).build()).on(new Event.LeaderUnreachable());
    b.sees(lease(8).heldBy("c").revision(11).build());
    assertThat(b.standing().suspectsLeader(b.moment())).isFalse();
    b.afterMillis(749);
    assertThat(b.did()).isEmpty();
    assertThat(b.afterMillis(1).did()).containsExactly(new Action.AskOpinions(8));
  }

  /** It would confirm nothing while it tries, and the leader may be well. */
  @Test
  void nobodyTriesToTakeOverWhileTheLeaseStoreDoesNotAnswer() {
    Play b = Play.follower(B, lease(7).build()).on(new Event.LeaseUnread());
    b.afterMillis(800).on(new Event.Opinion("c", 7, false));
    assertThat(b.role()).isEqualTo(new Role.Following());
    assertThat(b.standing().why())
        .isEqualTo(
            "the lease store does not answer, or it would take over: 2 of 3 members do not hear a"
                + " any more");
    assertThat(b.standing().mayConfirm(7)).isEqualTo(Standing.MayConfirm.YES);

    b.sees(b.lease());
    assertThat(b.role()).isEqualTo(new Role.Contending(false));
  }

  @Test
  void aFollowerConfirmsToItsLeaderAndToANewerOneButToNoOlderOne() {
    Play b = Play.follower(B, lease(7).build());
    assertThat(b.standing().mayConfirm(6)).isEqualTo(Standing.MayConfirm.STALE_EPOCH);
    assertThat(b.standing().mayConfirm(7)).isEqualTo(Standing.MayConfirm.YES);
    assertThat(b.standing().mayConfirm(8)).isEqualTo(Standing.MayConfirm.NOT_NOW);
    b.on(new Event.HigherEpoch(8));
    assertThat(b.standing().mayConfirm(8)).isEqualTo(Standing.MayConfirm.YES);
  }

  @Test
  void whoHasHeardOfANewerEpochConfirmsToTheOldLeaderNoMore() {
    Play b = Play.follower(B, lease(7).build()).on(new Event.HigherEpoch(8));
    assertThat(b.did()).contains(new Action.ReadLease());
    assertThat(b.standing().mayConfirm(7)).isEqualTo(Standing.MayConfirm.STALE_EPOCH);
  }

  @Test
  void whoseProposalIsUnderWayConfirmsNothing() {
    Play b = Play.follower(B, lease(7).build()).afterMillis(750);
    b.on(new Event.Opinion("c", 7, false));
    assertThat(b.standing().mayConfirm(7)).isEqualTo(Standing.MayConfirm.NOT_NOW);
    b.writeUnknown();
    assertThat(b.standing().mayConfirm(7)).isEqualTo(Standing.MayConfirm.NOT_NOW);
    b.on(new Event.HigherEpoch(9));
    assertThat(b.standing().mayConfirm(9)).isEqualTo(Standing.MayConfirm.NOT_NOW);
  }

  @Test
  void whoRestartsKnowsTheEpochOfItsFormerLife() {
    Play b = Play.started(B, Play.SETTINGS, Memory.of(lease(7).build()));
    assertThat(b.standing().mayConfirm(6)).isEqualTo(Standing.MayConfirm.STALE_EPOCH);
  }
}
