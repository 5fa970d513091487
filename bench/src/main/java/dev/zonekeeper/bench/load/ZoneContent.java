package dev.zonekeeper.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/** A zone as a server has it. */
public final class ZoneContent {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final long serial;
  private final List<Record> records;
  private final Map<Name, Set<String>> texts = new HashMap<>();

  ZoneContent(long serial, List<Record> records) {
    this.serial = serial;
    this.records = List.copyOf(records);
    for (Record record : records) {
      if (record instanceof TXTRecord txt) {
        texts
            .computeIfAbsent(txt.getName(), name -> new HashSet<>())
            .add(String.join("", txt.getStrings()));
      }
    }
  }

  /**
   * Gets the whole zone (AXFR).
   *
   * @param key signs the request; null for none
   * @throws IOException if the server does not answer or refuses
   */
  public static ZoneContent transfer(InetSocketAddress server, Name zone, TSIG key)
      throws IOException {
    ZoneTransferIn transfer = ZoneTransferIn.newAXFR(zone, server, key);
    transfer.setTimeout(PATIENCE);
    try {
      transfer.run();
    } catch (ZoneTransferException e) {
      throw new IOException("AXFR of " + zone + " from " + server + ": " + e.getMessage(), e);
    }
    List<Record> records = new ArrayList<>(transfer.getAXFR());
    records.removeLast();
    return of(records);
  }

  /**
   * Gets the whole zone (AXFR), and keeps its SOA and its TXT records alone: a zone of a million
   * other records takes no memory.
   *
   * @param key signs the request; null for none
   * @throws IOException if the server does not answer or refuses
   */
  public static ZoneContent transferTexts(InetSocketAddress server, Name zone, TSIG key)
      throws IOException {
    ZoneTransferIn transfer = ZoneTransferIn.newAXFR(zone, server, key);
    transfer.setTimeout(PATIENCE);
    List<Record> kept = new ArrayList<>();
    try {
      transfer.run(new Texts(kept));
    } catch (ZoneTransferException e) {
      throw new IOException("AXFR of " + zone + " from " + server + ": " + e.getMessage(), e);
    }
    if (kept.isEmpty()) {
      throw new IOException("AXFR of " + zone + " from " + server + ": no SOA record");
    }
    return of(kept);
  }

  /** Keeps the first SOA record and all TXT records of a full transfer. */
  private record Texts(List<Record> kept) implements ZoneTransferIn.ZoneTransferHandler {
    @Override
    public void startAXFR() {
      kept.clear();
    }

    @Override
    public void startIXFR() {
      throw new IllegalStateException("nobody asked for an IXFR");
    }

    @Override
    public void startIXFRDeletes(Record soa) {
      startIXFR();
    }

    @Override
    public void startIXFRAdds(Record soa) {
      startIXFR();
    }

    @Override
    public void handleRecord(Record record) {
      if (record instanceof TXTRecord || (kept.isEmpty() && record instanceof SOARecord)) {
        kept.add(record);
      }
    }
  }

  /** Of records that somebody else has fetched, the SOA first and once. */
  public static ZoneContent of(List<Record> records) {
    return new ZoneContent(((SOARecord) records.getFirst()).getSerial(), records);
  }

  /** The serial of its SOA, 0 to 2^32-1. */
  public long serial() {
    return serial;
  }

  /** All records in the order of the transfer, the SOA first and once. */
  public List<Record> records() {
    return records;
  }

  /** The TXT records of a name, each as one string; empty when there is none. */
  public Set<String> texts(Name name) {
    return texts.getOrDefault(name, Set.of());
  }
}
