package dev.zonekeeper.bench;

import dev.zonekeeper.bench.cluster.ClusterStatus;
import dev.zonekeeper.bench.cluster.LocalCluster;
import dev.zonekeeper.bench.load.Ledger;
import dev.zonekeeper.bench.load.Ledgers;
import dev.zonekeeper.bench.load.ZoneContent;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.xbill.DNS.Name;

/** Looks for every acknowledged update at servers, by a transfer of each zone written to. */
final class Acknowledged {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private Acknowledged() {}

  /**
   * At every member. A benchmark that loses some is void.
   *
   * @return a sentence for the notes
   * @throws IOException if one is missing anywhere
   */
  static String check(LocalCluster cluster, Ledgers ledgers)
      throws IOException, InterruptedException {
    TsigKey key = cluster.key();
    ClusterStatus status = cluster.awaitWhole();
    for (ClusterStatus.Member member : status.members()) {
      Set<Name> missing = missingInTheEnd(member.dnsAddress(), key, ledgers);
      if (!missing.isEmpty()) {
        throw new IOException(
            "%s has lost %,d of %,d acknowledged updates: %s"
                .formatted(
                    member.name(),
                    missing.size(),
                    ledgers.acknowledged(),
                    missing.stream().limit(10).toList()));
      }
    }
    return "all %,d acknowledged updates found at each of %d members"
        .formatted(ledgers.acknowledged(), status.members().size());
  }

  /**
   * At a server that is not ours; that it has lost something is news, not an error.
   *
   * @return a sentence for the notes
   * @throws IOException if a zone cannot be transferred
   */
  static String lookAt(String title, Target target, Ledgers ledgers) throws IOException {
    int missing = missingAt(target.servers().getFirst(), target.key(), ledgers).size();
    return missing == 0
        ? "all of %,d acknowledged updates found at %s".formatted(ledgers.acknowledged(), title)
        : "%s has lost %,d of %,d acknowledged updates"
            .formatted(title, missing, ledgers.acknowledged());
  }

  /**
   * At a member. Its agent confirms an update a moment before its {@code named} has it, so what is
   * missing is looked for again, for some seconds.
   *
   * @return the names that lack an acknowledged value all the time
   * @throws IOException if a zone cannot be transferred
   */
  static Set<Name> missingInTheEnd(InetSocketAddress member, TsigKey key, Ledgers ledgers)
      throws IOException, InterruptedException {
    return inTheEnd(() -> missingAt(member, key, ledgers));
  }

  /** A look at what is missing. */
  interface Look {
    Set<Name> missing() throws IOException;
  }

  /** Looks until nothing is missing, or some seconds are over; what is missing then. */
  static Set<Name> inTheEnd(Look look) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Set<Name> missing = look.missing();
    while (!missing.isEmpty() && System.nanoTime() - deadline < 0) {
      Thread.sleep(LOOK_AGAIN);
      missing = look.missing();
    }
    return missing;
  }

  /**
   * At one server.
   *
   * @return the names that lack an acknowledged value
   * @throws IOException if a zone cannot be transferred
   */
  static Set<Name> missingAt(InetSocketAddress server, TsigKey key, Ledgers ledgers)
      throws IOException {
    Map<Name, String> missing = new TreeMap<>();
    for (Map.Entry<Name, Ledger> zone : ledgers.byZone().entrySet()) {
      ZoneContent content = ZoneContent.transferTexts(server, zone.getKey(), key.tsig());
      missing.putAll(zone.getValue().missingAt(content));
    }
    return missing.keySet();
  }
}
