package dev.zonekeeper.agent.commit;

import dev.zonekeeper.dns.Delta;
import java.io.IOException;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/** What the committers need of the leader's named. */
public interface ZoneSource {

  /**
   * The zone as named holds it durably.
   *
   * @param head its SOA record
   * @param delta what has changed since the SOA record that was asked from, in one step; empty when
   *     nothing has, or when named does not know any more
   */
  record Read(SOARecord head, Optional<Delta> delta) {}

  /** Reads the SOA record, and what has changed since {@code base}. */
  Read read(Name zone, Optional<SOARecord> base) throws IOException, InterruptedException;

  /** Raises the zone's serial; the zone's content stays the same otherwise. */
  void raise(Name zone, SOARecord now, long serial) throws IOException, InterruptedException;
}
