package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** The clients' keys: looked up, extended, tried out. */
final class Keys {
  /** The rule that grants everything in the zone. */
  static final String ALL = "zonesub ANY";

  private static final Duration ANSWER = Duration.ofSeconds(1);

  private Keys() {}

  /** The key of that name; an unknown one is refused with the names there are. */
  static ClusterFile.Key known(ClusterFile cluster, String name) throws CommandFailed {
    Name wanted = Zones.name(name);
    return cluster.keys().stream()
        .filter(key -> key.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            CommandFailed.refused(
                "no key "
                    + name
                    + "; there are "
                    + String.join(
                        ", ", cluster.keys().stream().map(k -> k.name().toString(true)).toList())));
  }

  static ClusterFile.Key with(ClusterFile.Key key, ClusterFile.Grant grant) {
    List<ClusterFile.Grant> grants = new ArrayList<>(key.grants());
    grants.add(grant);
    return new ClusterFile.Key(key.name(), key.file(), grants, key.transfer());
  }

  /**
   * Asks each live primary member with a signed query whether it knows the key.
   *
   * @param wanted whether it shall know it
   * @return who does not do as wanted, in a sentence
   */
  static Optional<String> missing(ClusterStatus status, TsigKey key, Name zone, boolean wanted)
      throws IOException {
    for (MemberStatus member : status.members()) {
      boolean primary = member.member().kind() == ClusterFile.Kind.PRIMARY;
      if (primary && member.answers() && accepts(member, key, zone) != wanted) {
        return Optional.of(
            member.name() + (wanted ? " does not know" : " still knows") + " the key");
      }
    }
    return Optional.empty();
  }

  private static boolean accepts(MemberStatus member, TsigKey key, Name zone) throws IOException {
    SimpleResolver resolver = new SimpleResolver(member.member().dns());
    resolver.setTCP(true);
    resolver.setTimeout(ANSWER);
    resolver.setTSIGKey(key.tsig());
    Message query = Message.newQuery(Record.newRecord(zone, Type.SOA, DClass.IN));
    return resolver.send(query).getRcode() != Rcode.NOTAUTH;
  }
}
