package dev.zonekeeper.core.simulation;

import dev.zonekeeper.core.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a crash leaves behind. */
final class Disk {
  /** One zone's file and journal, and the marker that a full transfer is under way. */
  static final class ZoneFile {
    ZoneCopy dumped = ZoneCopy.NOTHING;

    /** The file with the journal applied: what named loads. */
    ZoneCopy durable = ZoneCopy.NOTHING;

    final List<ZoneCopy.Change> journal = new ArrayList<>();
    boolean marker;
  }

  final String incarnation;
  final Map<String, ZoneFile> zones;
  Memory memory = Memory.NOTHING;

  /** named's files cannot be written. What is there can be read. */
  boolean full;

  /** What is to be remembered cannot be written. */
  boolean forgetful;

  /** Whatever is written takes long. */
  boolean slow;

  private Disk(String incarnation, Map<String, ZoneFile> zones) {
    this.incarnation = incarnation;
    this.zones = zones;
  }

  static Disk empty(String incarnation, List<String> zoneNames) {
    Map<String, ZoneFile> zones = new TreeMap<>();
    zoneNames.forEach(z -> zones.put(z, new ZoneFile()));
    return new Disk(incarnation, zones);
  }

  /** The same data under a new incarnation, the markers gone. */
  Disk reincarnated(String newIncarnation) {
    Disk next = new Disk(newIncarnation, zones);
    next.memory = memory;
    next.full = full;
    next.forgetful = forgetful;
    next.slow = slow;
    zones.values().forEach(z -> z.marker = false);
    return next;
  }

  boolean hasMarker() {
    for (ZoneFile zone : zones.values()) {
      if (zone.marker) {
        return true;
      }
    }
    return false;
  }

  boolean hasData() {
    for (ZoneFile zone : zones.values()) {
      if (!zone.durable.isNothing()) {
        return true;
      }
    }
    return false;
  }
}
