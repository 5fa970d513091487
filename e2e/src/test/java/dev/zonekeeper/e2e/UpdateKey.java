package dev.zonekeeper.e2e;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Base64;
import org.xbill.DNS.TSIG;

/** A TSIG key as clients are given it on their command lines, and the same spoilt. */
record UpdateKey(TsigKey key) {

  /** Reads the first key of a file in BIND's syntax. */
  static UpdateKey read(Path file) {
    try {
      return new UpdateKey(TsigKey.read(file).getFirst());
    } catch (IOException e) {
      throw new UncheckedIOException("no key in BIND's syntax in " + file, e);
    }
  }

  /** With no dot at its end. */
  String name() {
    return key.name().toString(true);
  }

  /** Such as hmac-sha256. */
  String algorithm() {
    return key.algorithm();
  }

  /** In base 64. */
  String secret() {
    return Base64.getEncoder().encodeToString(key.secret());
  }

  /** The same name with another secret: what BADSIG is for. */
  UpdateKey withWrongSecret() {
    byte[] other = key.secret();
    other[0] ^= 1;
    return new UpdateKey(new TsigKey(key.name(), key.algorithm(), other));
  }

  /** The same secret under a name the server never heard of: what BADKEY is for. */
  UpdateKey withUnknownName() {
    return new UpdateKey(new TsigKey(Names.absolute("stranger"), key.algorithm(), key.secret()));
  }

  /** As {@code nsupdate -y}, {@code knsupdate -y} and {@code dig -y} take it. */
  String asArgument() {
    return algorithm() + ":" + name() + ":" + secret();
  }

  /** For dnsjava. */
  TSIG tsig() {
    return key.tsig();
  }
}
