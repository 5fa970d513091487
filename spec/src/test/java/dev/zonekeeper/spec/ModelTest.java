package dev.zonekeeper.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  static List<Tlc> small() {
    return Tlc.configurations("check");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("small")
  void nothingIsWrongInAnyStateOf(Tlc configuration) throws Exception {
    Tlc.Result found = configuration.run(LIMIT);
    assertThat(found.complete()).as(found.output()).isTrue();
    System.out.println(configuration + ": " + found.distinct() + " states");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "answers-from-an-old-zone, LooksAreFresh",
    "answers-in-a-later-term, LooksAreFresh",
    "anyone-takes-over, AckedSafe",
    "confirms-early, AckedSafe",
    "joins-early, AckedSafe",
    "joins-with-an-old-copy, AckedSafe",
    "known-epoch-in-memory-no-lease, AckedSafe",
    "known-epoch-in-memory-stale-read, AckedSafe",
    "name-without-incarnation, AckedSafe",
    "new-leader-in-the-old-epoch, OneLeaderPerEpoch",
    "no-lease-no-doubt, AckedSafe",
    "no-resync-marker, AckedSafe",
    "recovers-below-known-epoch, AckedSafe",
    "recovers-beside-a-leader, AckedSafe",
    "removes-without-a-witness, AckedSafe",
    "serials-without-epochs, SerialUnique",
    "shrinks-first, AckedSafe",
  })
  void findsTheMistake(String mistake, String invariant) throws Exception {
    Tlc.Result found = Tlc.configuration("mistakes", mistake).run(LIMIT);
    assertThat(found.broken()).as(found.output()).contains(invariant);
    System.out.println(
        mistake + ": " + invariant + " is broken after " + (found.steps() - 1) + " steps");
  }

  @Test
  void everyMistakeThatTheSpecificationKnowsHasAConfiguration() throws IOException {
    TreeSet<String> known = new TreeSet<>();
    for (String module : List.of("Zone.tla", "Zonekeeper.tla", "Looks.tla")) {
      known.addAll(found(Path.of(module), "Mistake [=#] \"([^\"]+)\""));
    }
    TreeSet<String> made = new TreeSet<>();
    for (Tlc mistake : Tlc.configurations("mistakes")) {
      made.addAll(found(mistake.configuration(), "Mistake = \"([^\"]+)\""));
    }
    assertThat(made).isEqualTo(known).hasSizeGreaterThan(9);
  }

  private static List<String> found(Path file, String pattern) throws IOException {
    try (Stream<String> all =
        Pattern.compile(pattern).matcher(Files.readString(file)).results().map(m -> m.group(1))) {
      return all.toList();
    }
  }
}
