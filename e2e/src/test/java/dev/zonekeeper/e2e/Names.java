package dev.zonekeeper.e2e;

import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Domain names from texts that a test knows to be right. */
final class Names {
  private Names() {}

  /** The absolute name, whether the text ends in a dot or not. */
  static Name absolute(String name) {
    try {
      return Name.fromString(name, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(name, e);
    }
  }
}
