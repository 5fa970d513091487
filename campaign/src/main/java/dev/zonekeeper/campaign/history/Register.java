package dev.zonekeeper.campaign.history;

import org.xbill.DNS.Name;

/**
 * What one name holds: the TXT RRset there, a set of strings. Operations on different registers
 * have nothing to do with each other, so each is judged by itself.
 *
 * @param zone the zone that the name is in
 * @param name absolute, in lower case
 */
public record Register(Name zone, Name name) {
  @Override
  public String toString() {
    return name.toString(true);
  }
}
