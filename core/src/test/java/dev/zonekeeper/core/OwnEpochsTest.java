package dev.zonekeeper.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Each epoch belongs to one member, who may begin it out of nothing. */
class OwnEpochsTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g");

  @Property
  void theNextEpochsOfAllMembersAreTheNextEpochsThatThereAre(
      @ForAll @IntRange(min = 1, max = 7) int size,
      @ForAll @LongRange(min = 0, max = 1_000_000) long above) {
    List<String> members = NAMES.subList(0, size);
    Settings settings = Play.settings(1, members.toArray(String[]::new));

    assertThat(members)
        .extracting(member -> settings.nextEpochOf(member, above))
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(above + 1, above + size).boxed().toList());
  }

  @Property
  void anEpochBelongsToTheSameMemberWhateverIsKnown(
      @ForAll @IntRange(min = 1, max = 7) int size,
      @ForAll @LongRange(min = 0, max = 1_000_000) long above,
      @ForAll @LongRange(min = 0, max = 20) long less) {
    Settings settings = Play.settings(1, NAMES.subList(0, size).toArray(String[]::new));
    long epoch = settings.nextEpochOf("a", above);

    assertThat(settings.nextEpochOf("a", epoch - 1)).isEqualTo(epoch);
    assertThat(settings.nextEpochOf("a", Math.max(0, above - less)) % size).isEqualTo(epoch % size);
  }
}
