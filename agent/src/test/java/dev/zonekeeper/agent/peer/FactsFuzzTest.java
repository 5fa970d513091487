package dev.zonekeeper.agent.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.zonekeeper.agent.Damage;
import dev.zonekeeper.core.Claim;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a member says of itself can be read, and said on without another meaning. */
class FactsFuzzTest {

  static Stream<Arguments> texts() {
    return originals().stream().map(Arguments::of);
  }

  @MethodSource("texts")
  @FuzzTest(maxDuration = "")
  void facts(byte[] bytes) {
    check(bytes);
  }

  @Test
  void factsDamagedAtRandom() {
    Damage.each(originals(), FactsFuzzTest::check);
  }

  /** One fact a line. */
  private static void check(byte[] bytes) {
    Facts facts =
        new Facts(
            new String(bytes, UTF_8)
                .lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(toMap(pair -> pair[0], pair -> pair[1], (first, second) -> second)));

    Claim claim = facts.claim();

    assertThat(facts.sender().member()).isEqualTo(claim.id().name());
    Facts again = Facts.of(claim, facts.kept(), "standby", false, true);
    assertThat(again.claim()).isEqualTo(claim);
    assertThat(again.kept()).isEqualTo(facts.kept());
    assertThat(again.ownLease()).isEqualTo(facts.ownLease());
  }

  private static List<byte[]> originals() {
    MemberId a = new MemberId("a", "0123456789abcdef");
    Lease lease =
        new Lease(
            Optional.of("a"),
            6,
            41,
            Instant.EPOCH,
            Duration.ofSeconds(5),
            Set.of(a, new MemberId("b", "2")),
            Optional.empty());
    return List.of(
        text(new Claim(a, false, true, true, true, false, Optional.of(lease), 9, Optional.of(5L))),
        text(new Claim(a, true, false, false, false, true, Optional.empty(), 0, Optional.empty())));
  }

  private static byte[] text(Claim claim) {
    return new TreeMap<>(Facts.of(claim, Lease.Edition.NONE, "standby", false, true).values())
        .entrySet().stream()
            .map(fact -> fact.getKey() + "=" + fact.getValue())
            .collect(Collectors.joining("\n"))
            .getBytes(UTF_8);
  }
}
