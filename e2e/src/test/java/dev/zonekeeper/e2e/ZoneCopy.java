package dev.zonekeeper.e2e;

import dev.zonekeeper.bench.load.ZoneContent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xbill.DNS.Record;

/**
 * A zone as the {@code named} of one member has it, fetched from it past all gateways.
 *
 * @param member whose copy it is
 */
record ZoneCopy(String member, ZoneContent content) {
  private static final int LISTED = 12;

  static ZoneCopy of(LocalCluster cluster, String member, String zone) {
    UpdateKey key = UpdateKey.read(cluster.agent(member).clusterKey());
    try {
      return new ZoneCopy(
          member,
          ZoneContent.transfer(Answers.named(cluster, member), Names.absolute(zone), key.tsig()));
    } catch (IOException e) {
      throw new AssertionError(member + " does not hand over its copy: " + e.getMessage(), e);
    }
  }

  /** The copies of all members, by name. */
  static Map<String, ZoneCopy> all(LocalCluster cluster, Status status, String zone) {
    Map<String, ZoneCopy> copies = new TreeMap<>();
    for (Status.Member member : status.members()) {
      copies.put(member.name(), of(cluster, member.name(), zone));
    }
    return copies;
  }

  /** Fails unless all copies have the serial and the records that the reference has. */
  static void assertEqual(Map<String, ZoneCopy> copies, String reference) {
    ZoneCopy first = copies.get(reference);
    SortedSet<String> expected = first.lines();
    List<String> differences = new ArrayList<>();
    for (ZoneCopy copy : copies.values()) {
      SortedSet<String> found = copy.lines();
      if (copy.serial() != first.serial() || !found.equals(expected)) {
        differences.add(
            "%s, %s%n  only at %s: %s%n  only at %s: %s"
                .formatted(
                    copy,
                    first,
                    copy.member,
                    some(without(found, expected)),
                    first.member,
                    some(without(expected, found))));
      }
    }
    if (!differences.isEmpty()) {
      throw new AssertionError("copies differ:\n" + String.join("\n", differences));
    }
  }

  /** Of its SOA, 0 to 2^32-1. */
  long serial() {
    return content.serial();
  }

  /** The records in the presentation format. */
  SortedSet<String> lines() {
    SortedSet<String> lines = new TreeSet<>();
    for (Record record : content.records()) {
      lines.add(record.toString());
    }
    return lines;
  }

  @Override
  public String toString() {
    return "%s with serial %d (epoch %d, change %d)"
        .formatted(member, serial(), serial() >>> 16, serial() & 0xffff);
  }

  private static SortedSet<String> without(SortedSet<String> lines, SortedSet<String> those) {
    SortedSet<String> rest = new TreeSet<>(lines);
    rest.removeAll(those);
    return rest;
  }

  private static String some(SortedSet<String> lines) {
    return lines.size() + " records " + lines.stream().limit(LISTED).toList();
  }
}
