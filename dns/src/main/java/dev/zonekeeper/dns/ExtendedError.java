package dev.zonekeeper.dns;

import java.util.Objects;

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
}
