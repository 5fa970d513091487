package dev.zonekeeper.core;

/**
 * A member together with the life of its data.
 *
 * @param name the member's name, stable over restarts
 * @param incarnation a random id made when the member's data directory was empty, and made anew
 *     when data was lost. A member that lost its disk is a different {@code MemberId}.
 */
public record MemberId(String name, String incarnation) {
  @Override
  public String toString() {
    return name + "/" + incarnation;
  }
}
