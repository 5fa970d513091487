package dev.zonekeeper.dns;

import java.util.LinkedHashSet;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** What an answer says of other names than the one that was asked for (RFC 1034 section 3.6.2). */
public final class AliasedAnswer {
  private AliasedAnswer() {}

  /**
   * The owners of the records in the answer and authority sections, if an alias is among them: the
   * name that was asked for, those it leads to, and the zone that says that there is nothing. Empty
   * if there is no alias, or the message is broken.
   *
   * @param answer a message with a whole header
   */
  public static Set<Name> owners(byte[] answer) {
    Set<Name> owners = new LinkedHashSet<>();
    boolean aliased = false;
    RecordCursor cursor = new RecordCursor(answer);
    while (cursor.next() && cursor.section() <= RecordCursor.AUTHORITY) {
      boolean isAlias = cursor.type() == Type.CNAME || cursor.type() == Type.DNAME;
      if (!aliased && !isAlias) {
        return Set.of(); // an alias comes first
      }
      aliased = true;
      Name owner = cursor.owner();
      if (owner != null) {
        owners.add(owner);
      }
    }
    return owners;
  }
}
