package dev.zonekeeper.dns;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;

/** The algorithms of TSIG keys that BIND knows (RFC 8945 section 6), with whole MACs only. */
enum HmacAlgorithm {
  MD5("hmac-md5", "HmacMD5", TSIG.HMAC_MD5),
  SHA1("hmac-sha1", "HmacSHA1", TSIG.HMAC_SHA1),
  SHA224("hmac-sha224", "HmacSHA224", TSIG.HMAC_SHA224),
  SHA256("hmac-sha256", "HmacSHA256", TSIG.HMAC_SHA256),
  SHA384("hmac-sha384", "HmacSHA384", TSIG.HMAC_SHA384),
  SHA512("hmac-sha512", "HmacSHA512", TSIG.HMAC_SHA512);

  private final String bindName;
  private final String javaName;

  @SuppressWarnings("ImmutableEnumChecker") // dnsjava's names are immutable
  private final Name wireName;

  HmacAlgorithm(String bindName, String javaName, Name wireName) {
    this.bindName = bindName;
    this.javaName = javaName;
    this.wireName = wireName;
  }

  /** The one that BIND's configuration calls so, in any case. */
  static Optional<HmacAlgorithm> called(String bindName) {
    String lower = bindName.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(a -> a.bindName.equals(lower)).findFirst();
  }

  static String known() {
    return Arrays.stream(values()).map(a -> a.bindName).collect(Collectors.joining(", "));
  }

  String bindName() {
    return bindName;
  }

  /** The name in TSIG records. */
  Name wireName() {
    return wireName;
  }

  Mac mac(byte[] secret) {
    try {
      Mac mac = Mac.getInstance(javaName);
      mac.init(new SecretKeySpec(secret, javaName));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + javaName, e);
    }
  }
}
