package dev.zonekeeper.agent.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.xbill.DNS.Name;

/** What a file is called that belongs to a zone. */
public final class ZoneFileName {
  private static final int LONGEST = 180;

  private ZoneFileName() {}

  /**
   * The zone's name in lower case without the last dot, each byte that is not a letter, a digit, a
   * dash or an underscore as {@code =XX}: the same for equal names (RFC 4343), another for
   * different ones. ({@code %} and {@code $} have a meaning in the file option of newer BINDs.)
   * Names too long for a file system are cut and end in a digest of the whole: at most 185
   * characters in all.
   */
  public static String of(Name zone) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < zone.labels() - 1; i++) {
      if (i > 0) {
        text.append('.');
      }
      byte[] label = zone.getLabel(i);
      for (int j = 1; j <= label[0]; j++) {
        escape(text, label[j]);
      }
    }
    if (text.isEmpty()) {
      text.append("=root");
    }
    if (text.length() > LONGEST) {
      String digest = sha256(text.toString());
      text.setLength(LONGEST - digest.length());
      text.append("=cut=").append(digest);
    }
    return text.toString();
  }

  private static void escape(StringBuilder text, byte octet) {
    char c = (char) (octet & 0xff);
    if (c >= 'A' && c <= 'Z') {
      text.append((char) (c + ('a' - 'A')));
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
      text.append(c);
    } else {
      text.append('=').append(HexFormat.of().withUpperCase().toHexDigits(octet));
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
