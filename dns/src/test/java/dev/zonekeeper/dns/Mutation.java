package dev.zonekeeper.dns;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages done to messages, each as the random numbers say. */
enum Mutation {
  /** Another value for one octet. */
  OCTET {
    @Override
    byte[] damage(byte[] bytes, RandomGenerator random) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      return bytes;
    }
  },
  /** One bit turned. */
  BIT {
    @Override
    byte[] damage(byte[] bytes, RandomGenerator random) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      return bytes;
    }
  },
  /** Cut off at the end. */
  CUT {
    @Override
    byte[] damage(byte[] bytes, RandomGenerator random) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }
  },
  /** More octets at the end than belong there. */
  TAIL {
    @Override
    byte[] damage(byte[] bytes, RandomGenerator random) {
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(40));
      for (int i = bytes.length; i < longer.length; i++) {
        longer[i] = (byte) random.nextInt();
      }
      return longer;
    }
  },
  /** A compression pointer to anywhere in the first 16 KiB, to itself for instance. */
  POINTER {
    @Override
    byte[] damage(byte[] bytes, RandomGenerator random) {
      int at = random.nextInt(bytes.length);
      int target = random.nextInt(4) == 0 ? at : random.nextInt(bytes.length);
      return put16(bytes, at, 0xC000 | (target & 0x3FFF));
    }
  },
  /** A number of the kind that is at the edge of something. */
  EDGE {
    @Override
    byte[] damage(byte[] bytes, RandomGenerator random) {
      int[] edges = {0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF};
      return put16(bytes, random.nextInt(bytes.length), edges[random.nextInt(edges.length)]);
    }
  },
  /** A count in the header that is not the number of records. */
  COUNT {
    @Override
    byte[] damage(byte[] bytes, RandomGenerator random) {
      int count = random.nextBoolean() ? random.nextInt(4) : random.nextInt(0x10000);
      return put16(bytes, Wire.QUESTIONS_AT + 2 * random.nextInt(4), count);
    }
  },
  /** A piece of the message once more, somewhere. */
  REPEAT {
    @Override
    byte[] damage(byte[] bytes, RandomGenerator random) {
      int from = random.nextInt(bytes.length);
      int length = random.nextInt(Math.min(bytes.length - from, 300) + 1);
      return inserted(
          bytes, random.nextInt(bytes.length), Arrays.copyOfRange(bytes, from, from + length));
    }
  },
  /** A piece of the message taken out. */
  HOLE {
    @Override
    byte[] damage(byte[] bytes, RandomGenerator random) {
      int from = random.nextInt(bytes.length);
      int to = from + random.nextInt(Math.min(bytes.length - from, 30) + 1);
      byte[] shorter = Arrays.copyOf(bytes, bytes.length - (to - from));
      System.arraycopy(bytes, to, shorter, from, bytes.length - to);
      return shorter;
    }
  };

  private static final int LONGEST = 65_535;

  abstract byte[] damage(byte[] bytes, RandomGenerator random);

  /** One of these, damaged one to six times; now and then two of them in one, or nothing of any. */
  static byte[] of(List<byte[]> originals, RandomGenerator random) {
    byte[] bytes =
        switch (random.nextInt(20)) {
          case 0 -> noise(random);
          case 1 -> {
            byte[] other = anyOf(originals, random);
            yield inserted(anyOf(originals, random), random.nextInt(12, 60), other);
          }
          default -> anyOf(originals, random).clone();
        };
    for (int i = random.nextInt(6); i >= 0 && bytes.length > 0; i--) {
      bytes = values()[random.nextInt(values().length)].damage(bytes, random);
    }
    return bytes.length > LONGEST ? Arrays.copyOf(bytes, LONGEST) : bytes;
  }

  private static byte[] anyOf(List<byte[]> originals, RandomGenerator random) {
    return originals.get(random.nextInt(originals.size()));
  }

  private static byte[] noise(RandomGenerator random) {
    byte[] bytes = new byte[random.nextInt(600)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] put16(byte[] bytes, int at, int value) {
    if (at + 2 <= bytes.length) {
      Wire.putU16(bytes, at, value);
    }
    return bytes;
  }

  private static byte[] inserted(byte[] bytes, int at, byte[] piece) {
    int where = Math.min(at, bytes.length);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + piece.length);
    System.arraycopy(piece, 0, longer, where, piece.length);
    System.arraycopy(bytes, where, longer, where + piece.length, bytes.length - where);
    return longer;
  }
}
