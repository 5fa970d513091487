package dev.zonekeeper.dns;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.xbill.DNS.EDNSOption;

/**
 * An Extended DNS Error (RFC 8914): says why, beside the RCODE.
 *
 * @param code the info code, 0 to 65535; the constants here are those we use
 * @param text a sentence for a person; may be empty, and is cut where it would not fit
 */
public record ExtendedError(int code, String text) {
  /** No other code fits (RFC 8914 section 4.1). */
  public static final int OTHER = 0;

  /** Cannot answer yet (section 4.15). */
  public static final int NOT_READY = 14;

  /** Blocked by the policy of this server (section 4.16). */
  public static final int BLOCKED = 15;

  /** This client may not do that (section 4.19). */
  public static final int PROHIBITED = 18;

  /** Not authoritative for the zone (section 4.21). */
  public static final int NOT_AUTHORITATIVE = 20;

  /** The operation or query is not supported (section 4.22). */
  public static final int NOT_SUPPORTED = 21;

  /** Another server did not answer (section 4.23). */
  public static final int NO_REACHABLE_AUTHORITY = 22;

  /** The way to another server failed (section 4.24). */
  public static final int NETWORK_ERROR = 23;

  public ExtendedError {
    if (code < 0 || code > 0xFFFF) {
      throw new IllegalArgumentException("info code " + code + " is not within 0 to 65535");
    }
    Objects.requireNonNull(text, "text");
  }

  /** The EDNS option, code and length included; the text is cut at a whole character. */
  byte[] toOption(int maxTextOctets) {
    byte[] octets = cut(maxTextOctets).getBytes(StandardCharsets.UTF_8);
    return new ByteSink(6 + octets.length)
        .u16(EDNSOption.Code.EDNS_EXTENDED_ERROR)
        .u16(2 + octets.length)
        .u16(code)
        .bytes(octets)
        .toBytes();
  }

  private String cut(int maxOctets) {
    String shorter = text.substring(0, Math.min(text.length(), maxOctets));
    while (shorter.getBytes(StandardCharsets.UTF_8).length > maxOctets) {
      shorter = shorter.substring(0, shorter.offsetByCodePoints(shorter.length(), -1));
    }
    return shorter;
  }
}
