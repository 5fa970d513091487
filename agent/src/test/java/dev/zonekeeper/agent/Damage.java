package dev.zonekeeper.agent;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Damages done at random to what a parser reads, and what must be true of each. */
public final class Damage {
  private static final int TIMES = Integer.getInteger("fuzz.times", 20_000);

  /** What is tried with damaged bytes. */
  @FunctionalInterface
  public interface Check {
    /** Fails unless all that must be true of these bytes is. */
    void of(byte[] bytes) throws Exception;
  }

  private Damage() {}

  /**
   * Damages the originals {@code -Dfuzz.times} times, 20,000 by default. A failure says the seed
   * that {@code -Dfuzz.seed} takes.
   */
  public static void each(List<byte[]> originals, Check check) {
    Random seeds = new Random();
    long given = Long.getLong("fuzz.seed", 0);
    for (int i = given == 0 ? TIMES : 1; i > 0; i--) {
      long seed = given == 0 ? seeds.nextLong() : given;
      byte[] bytes = damaged(originals, new Random(seed));
      try {
        check.of(bytes);
      } catch (Throwable e) {
        throw new AssertionError(
            "again with -Dfuzz.seed=%d, or from%n%s"
                .formatted(seed, HexFormat.of().formatHex(bytes)),
            e);
      }
    }
  }

  private static byte[] damaged(List<byte[]> originals, Random random) {
    byte[] bytes = originals.get(random.nextInt(originals.size())).clone();
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0);
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        default -> bytes = repeated(bytes, at, random.nextInt(bytes.length));
      }
    }
    return bytes;
  }

  /** The end once more, from anywhere. */
  private static byte[] repeated(byte[] bytes, int at, int from) {
    byte[] longer = Arrays.copyOf(bytes, at + bytes.length - from);
    System.arraycopy(bytes, from, longer, at, bytes.length - from);
    return longer;
  }
}
