package dev.zonekeeper.dns;

import java.time.Clock;
import java.util.Optional;

/** Whether a request is from somebody who has one of our keys (RFC 8945 section 5.2). */
sealed interface Authentication {

  /** It has no TSIG record, or one that is not to be read. */
  record Absent() implements Authentication {}

  /** It has, and it is right; answers are signed through this. */
  record Genuine(TsigRr tsig, TsigKey key, Clock clock) implements Authentication {
    /** A chain for one answer, or for the answers of one transfer. */
    TsigChain answers() {
      return TsigChain.ofAnswers(key, clock, tsig.mac());
    }
  }

  /**
   * It has, and it is wrong.
   *
   * @param key the key it names, if we have that
   */
  record Wrong(TsigRr tsig, TsigError error, Optional<TsigKey> key) implements Authentication {}

  static Authentication of(byte[] request, KeyRing keys, Clock clock) {
    Optional<TsigRr> record = TsigRr.of(request);
    if (record.isEmpty()) {
      return new Absent();
    }
    TsigRr tsig = record.get();
    Optional<TsigKey> key = keys.find(tsig.key());
    TsigError error =
        key.map(k -> TsigChain.ofRequest(k, clock).verify(request, tsig)).orElse(TsigError.BADKEY);
    return error == TsigError.NONE
        ? new Genuine(tsig, key.orElseThrow(), clock)
        : new Wrong(tsig, error, key);
  }
}
