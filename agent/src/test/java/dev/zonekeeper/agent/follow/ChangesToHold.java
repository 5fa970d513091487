package dev.zonekeeper.agent.follow;

import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Delta;
import dev.zonekeeper.dns.Sender;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;

/** Changes of a zone from serial to serial, and a leader's requests to hold them. */
final class ChangesToHold {
  private static final Sender LEADER = new Sender("primary-1", "x");

  private final Name zone;
  private final Name owner;

  ChangesToHold(Name zone) {
    this.zone = zone;
    this.owner = Name.fromConstantString("n." + zone);
  }

  /** "Hold the serial {@code to}", with the steps that lead to it. */
  CommitRequest request(long epoch, long from, long to) {
    return new CommitRequest(zone, to, epoch, LEADER, steps(from, to));
  }

  /** The same, without what has changed. */
  CommitRequest bare(long epoch, long to) {
    return new CommitRequest(zone, to, epoch, LEADER, List.of());
  }

  /** One change for each serial. */
  List<Delta> steps(long from, long to) {
    List<Delta> steps = new ArrayList<>();
    for (long serial = from; serial < to; serial++) {
      steps.add(step(serial, serial + 1));
    }
    return steps;
  }

  /** One change from a serial to another. */
  Delta step(long from, long to) {
    return new Delta(
        zone,
        FakeZones.soaOf(zone, from),
        FakeZones.soaOf(zone, to),
        List.of(),
        List.of(new TXTRecord(owner, DClass.IN, 300, "v" + to)));
  }
}
