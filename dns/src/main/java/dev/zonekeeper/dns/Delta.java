package dev.zonekeeper.dns;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/**
 * A change of a zone from one serial to another: what an IXFR calls a difference sequence (RFC 1995
 * section 4).
 *
 * @param zone the zone
 * @param from its SOA record before
 * @param to its SOA record after
 * @param removed records of the zone before, the SOA record not among them
 * @param added records of the zone after, the SOA record not among them
 */
public record Delta(
    Name zone, SOARecord from, SOARecord to, List<Record> removed, List<Record> added) {

  public Delta {
    removed = List.copyOf(removed);
    added = List.copyOf(added);
  }

  /**
   * One delta with the net effect of several (RFC 1995 section 5): a record that was added and
   * removed again, or the other way round, with the same TTL, is in neither list. A record whose
   * TTL has changed is in both.
   *
   * @param consecutive at least one; each begins with the serial that the one before ends with
   * @throws IllegalArgumentException they are none, or not consecutive
   */
  public static Delta condense(List<Delta> consecutive) {
    if (consecutive.isEmpty()) {
      throw new IllegalArgumentException("no deltas to condense");
    }
    Map<Key, Record> removed = new LinkedHashMap<>();
    Map<Key, Record> added = new LinkedHashMap<>();
    Delta before = null;
    for (Delta delta : consecutive) {
      if (before != null && !before.isFollowedBy(delta)) {
        throw new IllegalArgumentException(
            "expected a delta of %s from serial %d, found one of %s from serial %d"
                .formatted(before.zone, before.to.getSerial(), delta.zone, delta.from.getSerial()));
      }
      delta.removed.forEach(r -> move(r, added, removed));
      delta.added.forEach(r -> move(r, removed, added));
      before = delta;
    }
    Delta first = consecutive.getFirst();
    return new Delta(
        first.zone,
        first.from,
        before.to,
        new ArrayList<>(removed.values()),
        new ArrayList<>(added.values()));
  }

  private boolean isFollowedBy(Delta next) {
    return next.zone.equals(zone) && next.from.getSerial() == to.getSerial();
  }

  private static void move(Record record, Map<Key, Record> from, Map<Key, Record> to) {
    Key key = Key.of(record);
    if (from.remove(key) == null) {
      to.put(key, record);
    }
  }

  /**
   * All records in the order of an IXFR answer, from the first SOA record to the last.
   *
   * @param consecutive at least one; each begins with the serial that the one before ends with
   */
  public static List<Record> inTransferOrder(List<Delta> consecutive) {
    SOARecord end = consecutive.getLast().to;
    List<Record> records = new ArrayList<>();
    records.add(end);
    for (Delta delta : consecutive) {
      records.add(delta.from);
      records.addAll(delta.removed);
      records.add(delta.to);
      records.addAll(delta.added);
    }
    records.add(end);
    return records;
  }

  /**
   * A record with its TTL. Owners compare without regard to case; data octet by octet, because a
   * primary removes a record in the very form in which it has it.
   */
  private record Key(Name name, ByteBuffer rest) {
    static Key of(Record record) {
      byte[] wire = record.toWire(Section.ANSWER);
      int nameLength = record.getName().length();
      return new Key(
          record.getName(), ByteBuffer.wrap(wire, nameLength, wire.length - nameLength).slice());
    }
  }
}
