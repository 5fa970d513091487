package dev.zonekeeper.dns;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that nobody should send, to every parser of bytes from the network.
 *
 * <p>The tests of Jazzer take the corpus; with {@code JAZZER_FUZZ=1} in the environment they go on
 * from it, guided by coverage, until they are stopped. The others damage the corpus at random for
 * {@code -Dfuzz.seconds}, 3 by default, and print the seed that found something: {@code
 * -Dfuzz.seed} does it again.
 */
class ParsersFuzzTest {
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("fuzz.seconds", 3));

  private interface Check {
    void of(byte[] bytes) throws Exception;
  }

  @BeforeAll
  static void warmUp() throws Exception {
    MessageChecks.warmUp();
  }

  static Stream<Arguments> messages() {
    return FuzzCorpus.messages().stream().map(Arguments::of);
  }

  static Stream<Arguments> streams() {
    return FuzzCorpus.streams().stream().map(Arguments::of);
  }

  @MethodSource("messages")
  @FuzzTest(maxDuration = "")
  void a_message(byte[] bytes) throws Exception {
    MessageChecks.check(bytes);
  }

  @MethodSource("streams")
  @FuzzTest(maxDuration = "")
  void a_stream(byte[] bytes) throws Exception {
    StreamChecks.check(bytes);
  }

  @Test
  void messages_damaged_at_random() {
    damaged(FuzzCorpus.messages(), MessageChecks::check);
  }

  @Test
  void streams_damaged_at_random() {
    damaged(FuzzCorpus.streams(), StreamChecks::check);
  }

  private static void damaged(List<byte[]> corpus, Check check) {
    Random seeds = new Random();
    long given = Long.getLong("fuzz.seed", 0);
    long deadline = System.nanoTime() + TIME.toNanos();
    do {
      long seed = given != 0 ? given : seeds.nextLong();
      byte[] bytes = Mutation.of(corpus, new Random(seed));
      try {
        check.of(bytes);
      } catch (Throwable e) {
        throw new AssertionError(
            "again with -Dfuzz.seed=%d, or as a file of the corpus:%n%s"
                .formatted(seed, HexFormat.of().formatHex(bytes)),
            e);
      }
    } while (given == 0 && System.nanoTime() - deadline < 0);
  }
}
