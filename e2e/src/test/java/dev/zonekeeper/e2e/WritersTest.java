package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.bench.bare.BareNamed;
import dev.zonekeeper.bench.load.ZoneContent;
import dev.zonekeeper.dns.TsigKey;
import dev.zonekeeper.e2e.UpdateClient.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** The judge of all fault tests, judged itself: at one ordinary {@code named}. */
final class WritersTest {
  private static final Name ZONE = Names.absolute(LocalCluster.ZONE);

  @Test
  void a_copy_that_lacks_an_acknowledged_update_is_found_out_and_a_complete_one_is_not(
      @TempDir Path folder) throws Exception {
    UpdateKey key = new UpdateKey(TsigKey.generate("a-key", new SecureRandom()));
    try (BareNamed named =
            BareNamed.primary(
                folder.resolve("named"), 0, ZONE, key.key(), BareNamed.Tuning.DEFAULTS);
        Writers writers =
            Writers.at(
                List.of(named.dns()),
                key,
                moment -> "logged at the moment of the loss",
                Duration.ofMillis(5))) {
      writers.awaitMore(100);
      writers.stop();
      ZoneCopy keeper = copy("keeper", named, key);
      Record lost = lastText(keeper);
      String name = lost.getName().toString(true);
      UpdateClient.NSUPDATE_UDP.send(
          named.dns(), LocalCluster.ZONE, key, List.of(new Step.Delete(name, "TXT")));
      ZoneCopy loser = copy("loser", named, key);

      assertThat(writers.failures()).isEmpty();
      assertThatCode(() -> writers.assertNothingLost(Map.of("keeper", keeper)))
          .doesNotThrowAnyException();
      assertThatThrownBy(() -> writers.assertNothingLost(Map.of("keeper", keeper, "loser", loser)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("1 of " + writers.acknowledged())
          .hasMessageContaining(name)
          .hasMessageContaining(lost.rdataToString())
          .hasMessageContaining("is not at loser with serial " + loser.serial())
          .hasMessageContaining("logged at the moment of the loss");
      assertThatThrownBy(
              () -> ZoneCopy.assertEqual(Map.of("keeper", keeper, "loser", loser), "keeper"))
          .hasMessageContaining(name);
    }
  }

  private static ZoneCopy copy(String member, BareNamed named, UpdateKey key) throws IOException {
    return new ZoneCopy(member, ZoneContent.transfer(named.dns(), ZONE, key.tsig()));
  }

  private static Record lastText(ZoneCopy copy) {
    return copy.content().records().stream()
        .filter(r -> r.getType() == Type.TXT)
        .reduce((first, second) -> second)
        .orElseThrow();
  }
}
