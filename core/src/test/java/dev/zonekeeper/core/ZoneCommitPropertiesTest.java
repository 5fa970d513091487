package dev.zonekeeper.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Committed is what every member waited for holds, and it never goes back. */
class ZoneCommitPropertiesTest {
  private static final long EPOCH = 7;
  private static final List<MemberId> OTHERS =
      List.of(new MemberId("b", "1"), new MemberId("c", "1"), new MemberId("d", "1"));

  /** One thing that happens to a zone: somebody (nobody: the leader) has a serial, or the set. */
  sealed interface Step {
    record Has(int who, int epochAhead, int n) implements Step {}

    record WaitFor(Set<Integer> who, int required) implements Step {}
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> has =
        Combinators.combine(
                Arbitraries.integers().between(-1, 2),
                Arbitraries.frequency(Tuple.of(8, 0), Tuple.of(1, 1), Tuple.of(1, -1)),
                Arbitraries.integers().between(0, 12))
            .as(Step.Has::new);
    Arbitrary<Step> waits =
        Combinators.combine(
                Arbitraries.integers().between(0, 2).set(), Arbitraries.integers().between(1, 4))
            .as(Step.WaitFor::new);
    return Arbitraries.frequencyOf(Tuple.of(6, has), net.jqwik.api.Tuple.of(1, waits))
        .list()
        .ofMaxSize(60);
  }

  private static ZoneSerial serial(Step.Has has) {
    return new ZoneSerial(ZoneSerial.firstOf(EPOCH + has.epochAhead()).value() + has.n());
  }

  @Property
  void committedNeverGoesBackAndWasHeldByAllThatWereWaitedForWhenItMoved(
      @ForAll("steps") List<Step> steps) {
    Set<MemberId> waitsFor = Set.copyOf(OTHERS);
    int required = 2;
    ZoneCommit commit = ZoneCommit.starting(EPOCH, waitsFor, required);
    Optional<ZoneSerial> head = Optional.empty();
    Map<MemberId, ZoneSerial> holds = new HashMap<>();
    for (Step step : steps) {
      Optional<ZoneSerial> before = commit.committed();
      switch (step) {
        case Step.Has has when has.who() < 0 -> {
          commit = commit.applied(serial(has));
          if (has.epochAhead() == 0 && head.filter(h -> h.isAtLeast(serial(has))).isEmpty()) {
            head = Optional.of(serial(has));
          }
        }
        case Step.Has has -> {
          MemberId member = OTHERS.get(has.who());
          commit = commit.confirmedBy(member, serial(has));
          if (has.epochAhead() == 0) {
            holds.merge(member, serial(has), (a, b) -> a.isAfter(b) ? a : b);
          }
        }
        case Step.WaitFor waits -> {
          waitsFor = new HashSet<>(waits.who().stream().map(OTHERS::get).toList());
          required = waits.required();
          commit = commit.waitingFor(waitsFor, required);
        }
      }
      assertThat(commit.head()).isEqualTo(head);
      if (before.isPresent()) {
        assertThat(commit.isCommitted(before.get())).isTrue();
      }
      if (!commit.committed().equals(before)) {
        ZoneSerial now = commit.committed().orElseThrow();
        assertThat(waitsFor.size() + 1).isGreaterThanOrEqualTo(required);
        assertThat(head.orElseThrow().isAtLeast(now)).isTrue();
        assertThat(waitsFor).allMatch(m -> holds.get(m).isAtLeast(now));
      }
    }
    mostIsCommitted(commit, head, waitsFor, required, holds);
  }

  /** Nor is anything held back that could be committed. */
  private static void mostIsCommitted(
      ZoneCommit commit,
      Optional<ZoneSerial> head,
      Set<MemberId> waitsFor,
      int required,
      Map<MemberId, ZoneSerial> holds) {
    if (head.isEmpty() || waitsFor.size() + 1 < required || !holds.keySet().containsAll(waitsFor)) {
      return;
    }
    List<ZoneSerial> all = new ArrayList<>(waitsFor.stream().map(holds::get).toList());
    all.add(head.get());
    ZoneSerial lowest = all.stream().reduce((a, b) -> a.isAfter(b) ? b : a).orElseThrow();
    assertThat(commit.isCommitted(lowest)).isTrue();
  }

  @Example
  void aZoneIsSettledWhenItsLastSerialIsCommitted() {
    ZoneSerial first = ZoneSerial.firstOf(EPOCH);
    ZoneCommit commit = ZoneCommit.starting(EPOCH, Set.of(OTHERS.getFirst()), 2);
    assertThat(commit.isSettled()).isFalse();
    commit = commit.applied(first);
    assertThat(commit.isSettled()).isFalse();
    commit = commit.confirmedBy(OTHERS.getFirst(), first);
    assertThat(commit.isSettled()).isTrue();
    assertThat(commit.hasConfirmed(OTHERS.getFirst(), first)).isTrue();
    assertThat(commit.hasConfirmed(OTHERS.getLast(), first)).isFalse();
  }

  @Example
  void anotherLifeOfAMemberDoesNotConfirmForIt() {
    ZoneSerial first = ZoneSerial.firstOf(EPOCH);
    ZoneCommit commit =
        ZoneCommit.starting(EPOCH, Set.of(new MemberId("b", "1")), 2)
            .applied(first)
            .confirmedBy(new MemberId("b", "2"), first);
    assertThat(commit.isCommitted(first)).isFalse();
  }

  @Example
  void nothingIsCommittedWithTooFewMembersHoweverFewAreWaitedFor() {
    ZoneSerial first = ZoneSerial.firstOf(EPOCH);
    ZoneCommit commit = ZoneCommit.starting(EPOCH, Set.of(), 2).applied(first);
    assertThat(commit.isCommitted(first)).isFalse();
    assertThat(commit.waitingFor(Set.of(), 1).isCommitted(first)).isTrue();
  }
}
