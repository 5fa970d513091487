package dev.zonekeeper.agent.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private final List<String> called = new ArrayList<>();
  private final Places places = new Places(2);

  @Test
  void thereAreSoManyAndNoMore() {
    assertThat(enter("a")).isTrue();
    assertThat(enter("b")).isTrue();
    assertThat(enter("c")).isFalse();
  }

  @Test
  void aPlaceThatIsGivenBackGoesToWhoeverHasWaitedLongest() {
    for (String who : List.of("a", "b", "c", "d")) {
      enter(who);
    }

    places.leave();
    assertThat(called).containsExactly("c");
    places.leave();
    assertThat(called).containsExactly("c", "d");
  }

  @Test
  void aPlaceThatNobodyWaitsForIsFreeAgain() {
    enter("a");
    enter("b");

    places.leave();

    assertThat(enter("c")).isTrue();
    assertThat(enter("d")).isFalse();
  }

  private boolean enter(String who) {
    return places.enter(() -> called.add(who));
  }
}
