package dev.zonekeeper.dns;

import java.security.MessageDigest;
import java.time.Clock;
import javax.crypto.Mac;
import org.xbill.DNS.DClass;

/**
 * One party's messages of a TSIG-signed exchange, signed or verified in order (RFC 8945 sections
 * 4.3 and 5.3.1). A request stands at the beginning of its chain; the MAC of the first answer
 * covers the request's MAC, that of each further message of a transfer covers the one before. Works
 * on the bytes, so records come through unchanged and need not even be of a known type.
 *
 * <p>Not for use by several threads at once.
 */
final class TsigChain {
  /** What BIND and RFC 8945 section 10 recommend, in seconds. */
  static final int FUDGE = 300;

  private static final byte[] NOTHING = new byte[0];

  private final TsigKey key;
  private final Clock clock;
  private byte[] priorMac;
  private boolean continuation;

  private TsigChain(TsigKey key, Clock clock, byte[] priorMac) {
    this.key = key;
    this.clock = clock;
    this.priorMac = priorMac;
  }

  /** For a request. */
  static TsigChain ofRequest(TsigKey key, Clock clock) {
    return new TsigChain(key, clock, NOTHING);
  }

  /** For the answers to a request with that MAC. */
  static TsigChain ofAnswers(TsigKey key, Clock clock, byte[] requestMac) {
    return new TsigChain(key, clock, requestMac);
  }

  /** The MAC that the next message will cover: that of the last one. */
  byte[] mac() {
    return priorMac;
  }

  /** How many octets signing adds to a message. */
  static int overhead(TsigKey key) {
    return key.name().length()
        + 10
        + key.hmac().wireName().length()
        + 16
        + key.hmac().mac(new byte[1]).getMacLength();
  }

  /** The message with a TSIG record. */
  byte[] sign(byte[] message) {
    return sign(message, clock.instant().getEpochSecond(), TsigError.NONE, NOTHING);
  }

  /** The message with a TSIG record that says what is wrong with the request's. */
  byte[] sign(byte[] message, long timeSigned, TsigError error, byte[] other) {
    TsigRr unsigned =
        new TsigRr(
            message.length,
            key.name(),
            key.hmac().wireName(),
            timeSigned,
            FUDGE,
            NOTHING,
            Wire.id(message),
            error.code(),
            other);
    TsigRr signed =
        new TsigRr(
            unsigned.start(),
            unsigned.key(),
            unsigned.algorithm(),
            unsigned.timeSigned(),
            unsigned.fudge(),
            macOf(message, unsigned),
            unsigned.originalId(),
            unsigned.error(),
            unsigned.other());
    follow(signed);
    return TsigRr.append(message, signed);
  }

  /**
   * What is wrong with the TSIG record of the next message; NONE if nothing is. The chain moves on
   * only then.
   */
  TsigError verify(byte[] message, TsigRr tsig) {
    if (!tsig.key().equals(key.name()) || !tsig.algorithm().equals(key.hmac().wireName())) {
      return TsigError.BADKEY;
    }
    byte[] expected = macOf(tsig.without(message), tsig);
    if (tsig.mac().length < expected.length) {
      return isPrefix(tsig.mac(), expected) ? TsigError.BADTRUNC : TsigError.BADSIG;
    }
    if (!MessageDigest.isEqual(expected, tsig.mac())) {
      return TsigError.BADSIG;
    }
    if (Math.abs(clock.instant().getEpochSecond() - tsig.timeSigned()) > tsig.fudge()) {
      return TsigError.BADTIME;
    }
    follow(tsig);
    return TsigError.NONE;
  }

  private static boolean isPrefix(byte[] mac, byte[] whole) {
    boolean acceptable = mac.length >= Math.max(10, whole.length / 2); // RFC 8945 section 5.2.2.1
    return acceptable && MessageDigest.isEqual(java.util.Arrays.copyOf(whole, mac.length), mac);
  }

  private void follow(TsigRr tsig) {
    priorMac = tsig.mac();
    continuation = true;
  }

  private byte[] macOf(byte[] message, TsigRr tsig) {
    Mac mac = key.hmac().mac(key.secret());
    if (priorMac.length > 0) {
      mac.update(new ByteSink(2).u16(priorMac.length).toBytes());
      mac.update(priorMac);
    }
    mac.update(message);
    ByteSink variables = new ByteSink(128);
    if (continuation) {
      variables.u48(tsig.timeSigned()).u16(tsig.fudge());
    } else {
      variables
          .bytes(tsig.key().toWireCanonical())
          .u16(DClass.ANY)
          .u32(0)
          .bytes(tsig.algorithm().toWireCanonical())
          .u48(tsig.timeSigned())
          .u16(tsig.fudge())
          .u16(tsig.error())
          .u16(tsig.other().length)
          .bytes(tsig.other());
    }
    mac.update(variables.toBytes());
    return mac.doFinal();
  }
}
