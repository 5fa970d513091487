package dev.zonekeeper.campaign.load;

import dev.zonekeeper.campaign.history.Register;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/**
 * A branch of a zone as one server holds it.
 *
 * @param serial of the zone's SOA
 * @param content what the registers in the branch hold; those that hold nothing are not there
 */
public record ZoneContent(long serial, Map<Register, Set<String>> content) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  public ZoneContent {
    content = Map.copyOf(content);
  }

  /**
   * Transfers the zone (AXFR).
   *
   * @throws IOException if the server does not let it be transferred, or does not answer
   */
  public static ZoneContent of(Server server, Branch branch, TsigKey key) throws IOException {
    Name zone = branch.zone();
    InetSocketAddress address =
        server
            .address()
            .get()
            .orElseThrow(() -> new IOException(server.name() + " is nowhere now"));
    ZoneTransferIn transfer = ZoneTransferIn.newAXFR(zone, address, key.tsig());
    transfer.setTimeout(PATIENCE);
    try {
      transfer.run();
    } catch (ZoneTransferException refused) {
      throw new IOException(
          "AXFR of " + zone + " at " + server.name() + ": " + refused.getMessage(), refused);
    }
    long serial = -1;
    Map<Register, Set<String>> content = new HashMap<>();
    for (Record record : transfer.getAXFR()) {
      switch (record) {
        case SOARecord soa -> serial = soa.getSerial();
        case TXTRecord txt when branch.holds(txt.getName()) ->
            content
                .computeIfAbsent(new Register(zone, txt.getName()), _ -> new TreeSet<>())
                .add(QueryClient.value(txt));
        default -> {}
      }
    }
    return new ZoneContent(serial, content);
  }
}
