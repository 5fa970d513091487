package dev.zonekeeper.campaign.load;

import org.xbill.DNS.Name;

/**
 * A part of the DNS that a campaign has for itself: what is directly below a name.
 *
 * @param zone the zone that it is in
 * @param top the name: of the zone itself, where the whole zone is the campaign's, or below it
 */
public record Branch(Name zone, Name top) {
  public Branch {
    if (!top.subdomain(zone)) {
      throw new IllegalArgumentException(top + " is not in " + zone);
    }
  }

  /** All of a zone. */
  public static Branch of(Name zone) {
    return new Branch(zone, zone);
  }

  /** Whether a name belongs to it. */
  public boolean holds(Name name) {
    return name.subdomain(top);
  }
}
