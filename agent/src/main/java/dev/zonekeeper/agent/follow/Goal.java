package dev.zonekeeper.agent.follow;

import dev.zonekeeper.core.ZoneSerial;
import java.util.Optional;
import org.xbill.DNS.SOARecord;

/**
 * What a follower's named shall have of a zone.
 *
 * @param serial at least this
 * @param soa the zone's SOA record at that serial, if it is known
 * @param epoch of the leader that wants it
 */
record Goal(ZoneSerial serial, Optional<SOARecord> soa, long epoch) {

  /** Whether a serial fulfils it. */
  boolean isMetBy(ZoneSerial other) {
    return other.isAtLeast(serial) && other.isOf(epoch);
  }

  /** Whether a named at this serial has what that leader never had, and would not pull. */
  boolean isPassedBy(ZoneSerial other) {
    return !other.isOf(epoch) && (other.isAfter(serial) || !other.isComparableWith(serial));
  }
}
