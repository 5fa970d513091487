package dev.zonekeeper.core.simulation;

import dev.zonekeeper.core.ZoneSerial;
import java.util.BitSet;

/**
 * A zone at one serial. Its content is the set of updates that were applied to it.
 *
 * @param content never changed after it was given in
 */
record ZoneCopy(ZoneSerial serial, BitSet content) {
  /** What a member without data has. */
  static final ZoneCopy NOTHING = new ZoneCopy(new ZoneSerial(0), new BitSet());

  /** A journal entry: what came with the step from one serial to another. */
  record Change(ZoneSerial from, ZoneSerial to, BitSet added) {}

  boolean isNothing() {
    return serial.value() == 0;
  }

  ZoneCopy with(Change change) {
    BitSet next = (BitSet) content.clone();
    next.or(change.added());
    return new ZoneCopy(change.to(), next);
  }
}
