package dev.zonekeeper.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("deep")
class DeepModelTest {
  private static final Duration LIMIT = Duration.ofHours(2);
  private static final Duration LOOK = Duration.ofMinutes(2);

  static List<Tlc> large() {
    return Tlc.configurations("deep");
  }

  static List<Tlc> mistakes() {
    return Tlc.configurations("mistakes");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("large")
  void nothingIsWrongInAnyStateOf(Tlc configuration) throws Exception {
    Tlc.Result found = configuration.run(LIMIT);
    assertThat(found.complete()).as(found.output()).isTrue();
    System.out.println(configuration + ": " + found.distinct() + " states");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void nothingIsWrongWithoutTheMistake(Tlc mistake) throws Exception {
    Tlc.Result found = mistake.with("Mistake", "\"none\"").run(LOOK);
    assertThat(found.output())
        .contains("Finished computing initial states")
        .doesNotContain("Error:");
    System.out.println(mistake + ", put right: " + found.distinct() + " states");
  }
}
