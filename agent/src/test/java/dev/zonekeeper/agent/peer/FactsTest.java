package dev.zonekeeper.agent.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.core.Claim;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
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

    Facts facts = Facts.of(claim, Lease.Edition.NONE, "following", false, true);

    assertThat(facts.claim()).isEqualTo(claim);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMemberThatNeverSawALeaseClaimsNone(boolean fresh) {
    Claim claim =
        new Claim(A, fresh, true, true, false, false, Optional.empty(), 0, Optional.of(0L));

    assertThat(Facts.of(claim, Lease.Edition.NONE, "following", false, false).claim())
        .isEqualTo(claim);
  }

  @Test
  void whatIsKeptArrives() {
    Lease.Edition kept = new Lease.Edition(7, 12);
    assertThat(Facts.of(claim(false), kept, "following", false, true).kept()).isEqualTo(kept);
    assertThat(Facts.of(claim(false), Lease.Edition.NONE, "following", false, true).kept())
        .isEqualTo(Lease.Edition.NONE);
  }

  @Test
  void aMemberOfAnEarlierVersionIsTakenToHaveKeptAll() {
    assertThat(new Facts(Map.of("member", "a", "ready", "yes")).kept())
        .isEqualTo(new Lease.Edition(Long.MAX_VALUE, 0));
  }

  @Test
  void theLeaseOfWhoeverLeadsNamesIt() {
    Facts leader = Facts.of(claim(true), Lease.Edition.NONE, "leading", true, true);
    assertThat(leader.ownLease()).contains(lease().withHolder(Optional.of("a")));
    Facts follower = Facts.of(claim(false), Lease.Edition.NONE, "following", false, true);
    assertThat(follower.ownLease()).isEmpty();
  }

  private static Claim claim(boolean leading) {
    return new Claim(
        A, false, true, true, leading, false, Optional.of(lease()), 9, Optional.of(0L));
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
