package dev.zonekeeper.dns;

/**
 * Who sends a message between members.
 *
 * @param member its name; empty when a person asks, with {@code dig} for instance
 * @param incarnation the life of its data
 */
public record Sender(String member, String incarnation) {
  /** Somebody who is no member. */
  public static final Sender NOBODY = new Sender("", "");
}
