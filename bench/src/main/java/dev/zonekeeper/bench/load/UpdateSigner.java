package dev.zonekeeper.bench.load;

import dev.zonekeeper.dns.TsigKey;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/**
 * Builds UPDATE messages with a TSIG (RFC 8945) and checks the signature of their answers. Made for
 * speed, some microseconds per message, and for one thread.
 */
public final class UpdateSigner {
  private static final int HEADER_BYTES = 12;
  private static final int FUDGE_SECONDS = 300;
  private static final int LARGEST_MESSAGE = 2048;
  private static final int UDP_SIZE = 1232;
  private static final Map<Name, String> ALGORITHMS =
      Map.of(
          TSIG.HMAC_MD5, "HmacMD5",
          TSIG.HMAC_SHA1, "HmacSHA1",
          TSIG.HMAC_SHA224, "HmacSHA224",
          TSIG.HMAC_SHA256, "HmacSHA256",
          TSIG.HMAC_SHA384, "HmacSHA384",
          TSIG.HMAC_SHA512, "HmacSHA512");

  /** A message ready to be sent, and the MAC its answer is checked with. */
  static final class Signed {
    final byte[] message;
    final byte[] mac;

    Signed(byte[] message, byte[] mac) {
      this.message = message;
      this.mac = mac;
    }
  }

  private final byte[] keyName;
  private final byte[] algorithmName;
  private final Mac mac;
  private final Clock clock;
  private final boolean edns;
  private final ByteBuffer message = ByteBuffer.allocate(LARGEST_MESSAGE);
  private final ByteBuffer variables = ByteBuffer.allocate(600);

  /**
   * A signer.
   *
   * @throws IllegalArgumentException if this JVM does not have the key's algorithm
   */
  public UpdateSigner(TsigKey key, Clock clock) {
    this(key, clock, false);
  }

  private UpdateSigner(TsigKey key, Clock clock, boolean edns) {
    Name algorithm = TSIG.algorithmToName(key.algorithm());
    this.keyName = key.name().toWireCanonical();
    this.algorithmName = algorithm.toWireCanonical();
    this.clock = clock;
    this.edns = edns;
    String javaName = ALGORITHMS.get(algorithm);
    try {
      this.mac = Mac.getInstance(javaName);
      this.mac.init(new SecretKeySpec(key.secret(), javaName));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no " + javaName + " in this JVM", e);
    }
  }

  /** A signer with this key and the clock of the system. */
  public static UpdateSigner of(TsigKey key) {
    return new UpdateSigner(key, Clock.systemUTC());
  }

  /**
   * The same, whose messages have an OPT record: who refuses them may say why (RFC 8914). {@code
   * nsupdate} sends none.
   */
  public static UpdateSigner askingWhy(TsigKey key) {
    return new UpdateSigner(key, Clock.systemUTC(), true);
  }

  /** The signed UPDATE for a change. */
  Signed sign(Change change, int id) {
    message.clear();
    change.appendTo(message);
    message.putShort(0, (short) id);
    if (edns) {
      message.put((byte) 0).putShort((short) Type.OPT).putShort((short) UDP_SIZE);
      message.putInt(0).putShort((short) 0);
      message.putShort(10, (short) 1);
    }
    long time = clock.instant().getEpochSecond();
    mac.update(message.array(), 0, message.position());
    appendVariables(time, FUDGE_SECONDS, 0, new byte[0]);
    byte[] signature = mac.doFinal();

    message.putShort(10, (short) (edns ? 2 : 1));
    message.put(keyName).putShort((short) Type.TSIG).putShort((short) DClass.ANY).putInt(0);
    message.putShort((short) (algorithmName.length + 16 + signature.length));
    message.put(algorithmName);
    putTime(message, time);
    message.putShort((short) FUDGE_SECONDS);
    message.putShort((short) signature.length).put(signature);
    message.putShort((short) id).putShort((short) 0).putShort((short) 0);
    byte[] bytes = new byte[message.position()];
    message.get(0, bytes);
    return new Signed(bytes, signature);
  }

  /**
   * Whether the answer ends in a TSIG of this key that fits the request (RFC 8945 section 5.4).
   * Never throws, on whatever bytes.
   */
  boolean verifies(ByteBuffer answer, byte[] requestMac) {
    try {
      return verify(answer.duplicate(), requestMac);
    } catch (IndexOutOfBoundsException
        | BufferUnderflowException
        | IllegalArgumentException malformed) {
      return false;
    } finally {
      mac.reset();
    }
  }

  private boolean verify(ByteBuffer in, byte[] requestMac) {
    int additional = in.getShort(10) & 0xffff;
    int records = (in.getShort(6) & 0xffff) + (in.getShort(8) & 0xffff) + additional - 1;
    if (additional == 0) {
      return false;
    }
    in.position(HEADER_BYTES);
    for (int i = in.getShort(4) & 0xffff; i > 0; i--) {
      skipName(in);
      in.position(in.position() + 4);
    }
    for (int i = records; i > 0; i--) {
      skipName(in);
      in.position(in.position() + 8);
      int length = in.getShort() & 0xffff;
      in.position(in.position() + length);
    }
    int end = in.position();
    skipName(in);
    if (in.getShort() != Type.TSIG) {
      return false;
    }
    in.position(in.position() + 8);
    skipName(in);
    long time = ((in.getShort() & 0xffffL) << 32) | (in.getInt() & 0xffffffffL);
    int fudge = in.getShort() & 0xffff;
    byte[] signature = new byte[in.getShort() & 0xffff];
    in.get(signature);
    short originalId = in.getShort();
    int error = in.getShort() & 0xffff;
    byte[] other = new byte[in.getShort() & 0xffff];
    in.get(other);

    mac.update((byte) (requestMac.length >> 8));
    mac.update((byte) requestMac.length);
    mac.update(requestMac);
    mac.update((byte) (originalId >> 8));
    mac.update((byte) originalId);
    mac.update(in.slice(2, 8));
    mac.update((byte) ((additional - 1) >> 8));
    mac.update((byte) (additional - 1));
    mac.update(in.slice(HEADER_BYTES, end - HEADER_BYTES));
    appendVariables(time, fudge, error, other);
    return MessageDigest.isEqual(mac.doFinal(), signature);
  }

  private void appendVariables(long time, int fudge, int error, byte[] other) {
    variables.clear();
    variables.put(keyName).putShort((short) DClass.ANY).putInt(0).put(algorithmName);
    putTime(variables, time);
    variables.putShort((short) fudge).putShort((short) error);
    variables.putShort((short) other.length).put(other);
    mac.update(variables.flip());
  }

  private static void putTime(ByteBuffer out, long seconds) {
    out.putShort((short) (seconds >> 32)).putInt((int) seconds);
  }

  private static void skipName(ByteBuffer in) {
    while (true) {
      int length = in.get() & 0xff;
      if (length == 0) {
        return;
      }
      if (length >= 0xc0) {
        in.get();
        return;
      }
      in.position(in.position() + length);
    }
  }
}
