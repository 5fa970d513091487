package dev.zonekeeper.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.zonekeeper.agent.Damage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An answer of another member is a signal only if a member would have written those very bytes. */
class PeerSignalFuzzTest {

  static Stream<Arguments> answers() {
    return originals().stream().map(Arguments::of);
  }

  @MethodSource("answers")
  @FuzzTest(maxDuration = "")
  void an_answer(byte[] bytes) {
    check(bytes);
  }

  @Test
  void answersDamagedAtRandom() {
    Damage.each(originals(), PeerSignalFuzzTest::check);
  }

  private static void check(byte[] bytes) {
    Optional<PeerSignal> signal = PeerSignal.of(bytes);
    signal.ifPresent(read -> {
      assertThat(read.answerTo(bytes)).isEqualTo(bytes);
      assertThat(PeerSignal.of(read.answerTo(new byte[12]))).contains(read);
    });
  }

  private static List<byte[]> originals() {
    byte[] request = Wire.update(0xABCD).toWire();
    return List.of(
        new PeerSignal(PeerSignal.Kind.NOT_LEADER, "a does not lead").answerTo(request),
        new PeerSignal(PeerSignal.Kind.NOT_TAKEN, "\u00fcber the limit").answerTo(request),
        new PeerSignal(PeerSignal.Kind.NOT_TAKEN, "").answerTo(request));
  }
}
