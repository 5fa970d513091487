package dev.zonekeeper.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a follower hears and sees, in any order: only some may ever propose themselves. */
class TakeoverPropertiesTest {
  private static final List<MemberId> MEMBERS =
      List.of(Play.A, Play.B, Play.C, new MemberId("b", "0"), Play.OLD_C);

  @Provide
  Arbitrary<Event> event() {
    Arbitrary<Event> lease =
        Combinators.combine(
                Arbitraries.of(MEMBERS).set().ofMinSize(1),
                Arbitraries.of("a", "b", "c", "")
                    .map(n -> Optional.of(n).filter(s -> !s.isEmpty())),
                Arbitraries.longs().between(1, 4),
                Arbitraries.longs().between(1, 9),
                Arbitraries.of("a", "b", "c", "")
                    .map(n -> Optional.of(n).filter(s -> !s.isEmpty())))
            .as((inSync, holder, epoch, revision, to) ->
                new Event.LeaseSeen(
                    Optional.of(
                        new Event.SeenLease(
                            new Lease(
                                holder,
                                epoch,
                                revision,
                                Instant.EPOCH,
                                Duration.ofSeconds(5),
                                inSync,
                                to),
                            epoch + "." + revision))));
    Arbitrary<Event> opinion =
        Combinators.combine(
                Arbitraries.of("a", "c", "x"),
                Arbitraries.longs().between(1, 4),
                Arbitraries.of(true, false))
            .as(Event.Opinion::new);
    Arbitrary<Event> local =
        Combinators.combine(Arbitraries.of(true, false), Arbitraries.of(true, false))
            .as((healthy, ready) ->
                new Event.LocalState(healthy, healthy && ready, false, Optional.of(0L)));
    Arbitrary<Event> heard = Arbitraries.longs().between(1, 4).map(Event.LeaderHeard::new);
    Arbitrary<Event> asked = Arbitraries.longs().between(1, 4).map(Event.CommitAsked::new);
    Arbitrary<Event> higher = Arbitraries.longs().between(1, 4).map(Event.HigherEpoch::new);
    Arbitrary<Event> others =
        Arbitraries.of(
            new Event.Tick(), new Event.LeaderUnreachable(), new Event.WriteUnknown("time-out"));
    return Arbitraries.oneOf(lease, lease, opinion, local, heard, asked, higher, others);
  }

  @Provide
  Arbitrary<List<Event>> events() {
    return event().list().ofMaxSize(40);
  }

  @Property
  void onlyAnInSyncReadyMemberProposesItselfAndItsEpochIsHigherThanAnyItKnew(
      @ForAll("events") List<Event> events) {
    Play b = Play.started(Play.B);
    for (Event event : events) {
      long known = b.standing().knownEpoch();
      b.afterMillis(200).on(event);
      if (b.proposes() && b.standing().role() instanceof Role.Contending) {
        Lease proposal = b.proposal();
        assertThat(b.lease().isInSync(Play.B)).isTrue();
        assertThat(b.standing().claim().ready()).isTrue();
        assertThat(proposal.isHeldBy("b")).isTrue();
        assertThat(proposal.isInSync(Play.B)).isTrue();
        assertThat(proposal.epoch()).isGreaterThan(Math.max(known, b.lease().epoch()));
        assertThat(b.lease().inSync()).containsAll(proposal.inSync());
        Set<MemberId> leftOut = new HashSet<>(b.lease().inSync());
        leftOut.removeAll(proposal.inSync());
        assertThat(leftOut).allMatch(m -> b.lease().isHeldBy(m.name()));
      }
    }
  }

  @Property
  void whoeverConfirmsFollowsAndHasHeardOfNothingNewer(@ForAll("events") List<Event> events) {
    Play b = Play.started(Play.B);
    for (Event event : events) {
      long before = b.standing().knownEpoch();
      b.on(event);
      assertThat(b.standing().knownEpoch()).isGreaterThanOrEqualTo(before);
      for (long epoch = 1; epoch <= 5; epoch++) {
        boolean confirms = b.standing().mayConfirm(epoch) == Standing.MayConfirm.YES;
        assertThat(confirms)
            .isEqualTo(b.role() instanceof Role.Following && epoch == b.standing().keptEpoch());
      }
    }
  }
}
