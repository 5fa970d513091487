package dev.zonekeeper.agent.follow;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/** What following needs of the local named. */
public interface LocalZones {

  /** The zone's SOA record as named serves it; empty when it does not serve the zone. */
  Optional<SOARecord> soa(Name zone) throws IOException, InterruptedException;

  /** Tells named that its primary has a newer serial, or may have one. */
  void notifyOf(Name zone, Optional<SOARecord> newer) throws IOException, InterruptedException;

  /** Makes named transfer the whole zone anew, whatever serial it has. */
  void retransfer(Name zone) throws IOException, InterruptedException;

  /** Whether anything of the zone is on the disk. */
  boolean hasData(Name zone);

  /**
   * Blocks until the zone as named serves it now, or as it serves it later, is safe on the disk.
   *
   * @return the serial that is safe
   * @throws IOException it did not come to that within the time
   */
  long save(Name zone, Duration atMost) throws IOException, InterruptedException;
}
