package dev.zonekeeper.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whoever joins was covered, whoever leaves was lagging, and never too few are left. */
class InSyncPropertiesTest {
  private static final MemberId SELF = new MemberId("a", "1");

  @Provide
  Arbitrary<MemberId> member() {
    return Combinators.combine(Arbitraries.of("b", "c", "d", "e"), Arbitraries.of("1", "2"))
        .as(MemberId::new);
  }

  @Provide
  Arbitrary<Set<MemberId>> inSync() {
    return member().set().uniqueElements(MemberId::name).map(InSyncPropertiesTest::withSelf);
  }

  @Provide
  Arbitrary<Set<MemberId>> members() {
    return member().set();
  }

  @Provide
  Arbitrary<Map<MemberId, Boolean>> joining() {
    return Arbitraries.maps(member(), Arbitraries.of(true, false)).uniqueKeys(MemberId::name);
  }

  private static Set<MemberId> withSelf(Set<MemberId> others) {
    Set<MemberId> all = new HashSet<>(others);
    all.add(SELF);
    return all;
  }

  @Property
  void whoIsWantedIsInSyncAlreadyOrCovered(
      @ForAll("inSync") Set<MemberId> inSync,
      @ForAll("members") Set<MemberId> lagging,
      @ForAll("joining") Map<MemberId, Boolean> joining,
      @ForAll @IntRange(min = 1, max = 5) int required) {
    Set<MemberId> wanted = InSync.wanted(inSync, lagging, joining, SELF, required);
    assertThat(wanted)
        .contains(SELF)
        .allMatch(m -> inSync.contains(m) || joining.getOrDefault(m, false));
  }

  @Property
  void whoIsLeftOutLagsOrIsReplacedByItsNewLife(
      @ForAll("inSync") Set<MemberId> inSync,
      @ForAll("members") Set<MemberId> lagging,
      @ForAll("joining") Map<MemberId, Boolean> joining,
      @ForAll @IntRange(min = 1, max = 5) int required) {
    Set<MemberId> wanted = InSync.wanted(inSync, lagging, joining, SELF, required);
    Set<MemberId> left = new HashSet<>(inSync);
    left.removeAll(wanted);
    assertThat(left)
        .allMatch(m ->
            lagging.contains(m)
                || joining.keySet().stream().anyMatch(j -> j.name().equals(m.name())));
  }

  @Property
  void theSetIsNeverMadeSmallerThanACommitNeeds(
      @ForAll("inSync") Set<MemberId> inSync,
      @ForAll("members") Set<MemberId> lagging,
      @ForAll("joining") Map<MemberId, Boolean> joining,
      @ForAll @IntRange(min = 1, max = 5) int required) {
    Set<MemberId> wanted = InSync.wanted(inSync, lagging, joining, SELF, required);
    assertThat(wanted.size()).isGreaterThanOrEqualTo(Math.min(required, inSync.size()));
  }

  @Property
  void aNameIsInTheSetOnce(
      @ForAll("inSync") Set<MemberId> inSync,
      @ForAll("members") Set<MemberId> lagging,
      @ForAll("joining") Map<MemberId, Boolean> joining,
      @ForAll @IntRange(min = 1, max = 5) int required) {
    Set<MemberId> wanted = InSync.wanted(inSync, lagging, joining, SELF, required);
    assertThat(wanted.stream().map(MemberId::name)).doesNotHaveDuplicates();
  }

  @Property
  void aTakeoverLeavesOutTheOldLeaderAndNobodyElse(
      @ForAll("inSync") Set<MemberId> inSync, @ForAll("member") MemberId leader) {
    Set<MemberId> left = InSync.without(inSync, Optional.of(leader.name()), SELF);
    Set<MemberId> gone = new HashSet<>(inSync);
    gone.removeAll(left);
    assertThat(gone).allMatch(m -> m.name().equals(leader.name()));
    assertThat(left).noneMatch(m -> m.name().equals(leader.name()));
    assertThat(InSync.without(inSync, Optional.empty(), SELF)).isEqualTo(inSync);
    assertThat(InSync.without(inSync, Optional.of("a"), SELF)).contains(SELF);
  }
}
