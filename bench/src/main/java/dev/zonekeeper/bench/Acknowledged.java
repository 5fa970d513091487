package dev.zonekeeper.bench;

import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledger;
import dev.zonekeeper.bench.load.ZoneContent;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.util.Map;
import org.xbill.DNS.Name;

/** Looks for every acknowledged update at every member. A benchmark that loses some is void. */
final class Acknowledged {
  private Acknowledged() {}

  /**
   * Transfers the zone from every member.
   *
   * @return a sentence for the notes
   * @throws IOException if one is missing anywhere
   */
  static String check(LocalCluster cluster, Ledger ledger)
      throws IOException, InterruptedException {
    TsigKey key = cluster.key();
    ClusterStatus status = cluster.awaitWhole();
    for (ClusterStatus.Member member : status.members()) {
      ZoneContent content = ZoneContent.transfer(member.dnsAddress(), Workbench.ZONE, key.tsig());
      Map<Name, String> missing = ledger.missingAt(content);
      if (!missing.isEmpty()) {
        throw new IOException(
            "%s has lost %,d of %,d acknowledged updates: %s"
                .formatted(
                    member.name(),
                    missing.size(),
                    ledger.acknowledged(),
                    missing.keySet().stream().limit(10).toList()));
      }
    }
    return "all %,d acknowledged updates found at each of %d members"
        .formatted(ledger.acknowledged(), status.members().size());
  }

  /**
   * Transfers the zone from a server that is not ours; that it has lost something is news, not an
   * error.
   *
   * @return a sentence for the notes
   * @throws IOException if it cannot be transferred
   */
  static String lookAt(String title, Target target, Ledger ledger) throws IOException {
    ZoneContent content =
        ZoneContent.transfer(target.servers().getFirst(), target.zone(), target.key().tsig());
    int missing = ledger.missingAt(content).size();
    return missing == 0
        ? "all of %,d acknowledged updates found at %s".formatted(ledger.acknowledged(), title)
        : "%s has lost %,d of %,d acknowledged updates"
            .formatted(title, missing, ledger.acknowledged());
  }
}
