package dev.zonekeeper.agent.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.core.Claim;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member says of itself arrives as it was said. */
class FactsTest {
  private static final MemberId A = new MemberId("a", "1");

  /** The name of the one statement that is true; none of them may be taken for another. */
  @ParameterizedTest
  @ValueSource(strings = {"fresh", "healthy", "ready", "leading", "contending", "nothing"})
  void aClaimArrivesAsItWasMade(String truth) {
    Claim claim =
        new Claim(
            A,
            truth.equals("fresh"),
            truth.equals("healthy"),
            truth.equals("ready"),
            truth.equals("leading"),
            truth.equals("contending"),
            Optional.of(lease()),
            9,
            truth.equals("nothing") ? Optional.empty() : Optional.of(12_345_678_901L));

    Facts facts = Facts.of(claim, "following", false, true);

    assertThat(facts.claim()).isEqualTo(claim);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMemberThatNeverSawALeaseClaimsNone(boolean fresh) {
    Claim claim =
        new Claim(A, fresh, true, true, false, false, Optional.empty(), 0, Optional.of(0L));

    assertThat(Facts.of(claim, "following", false, false).claim()).isEqualTo(claim);
  }

  /** Of a lease only that arrives by which copies of it are compared. */
  private static Lease lease() {
    return new Lease(
        Optional.empty(),
        6,
        41,
        Instant.EPOCH,
        Duration.ofSeconds(1),
        Set.of(A, new MemberId("b", "2")),
        Optional.empty());
  }
}
