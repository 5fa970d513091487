package dev.zonekeeper.core.simulation;

import java.util.Optional;

/** A member over all its lives: its name, its disk, and the process that runs now, if any. */
final class Node {
  private final Cluster cluster;
  private final String name;
  private Disk disk;
  private Optional<Life> life = Optional.empty();
  private int incarnations;

  Node(Cluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
    loseDisk();
  }

  String name() {
    return name;
  }

  Disk disk() {
    return disk;
  }

  Optional<Life> life() {
    return life;
  }

  boolean isUp() {
    return life.isPresent();
  }

  void start() {
    if (isUp()) {
      return;
    }
    if (disk.hasMarker() && !cluster.makes(Mistake.NO_RESYNC_MARKER)) {
      disk = disk.reincarnated(nextIncarnation());
    }
    cluster.clock().tell(() -> name + " starts as " + name + "/" + disk.incarnation);
    life = Optional.of(new Life(cluster, this));
    life.get().begin();
  }

  void crash() {
    if (life.isPresent()) {
      life.get().end();
      life = Optional.empty();
      cluster.clock().did(Clockwork.Deed.CRASH);
      if (disk.hasMarker()) {
        cluster.clock().did(Clockwork.Deed.CRASH_IN_FULL_TRANSFER);
      }
      cluster.clock().tell(() -> name + " is gone");
      cluster.checker().checkInSync("after " + name + " was gone");
    }
  }

  void loseDisk() {
    disk = Disk.empty(nextIncarnation(), cluster.zones());
  }

  private String nextIncarnation() {
    incarnations++;
    return cluster.makes(Mistake.NAME_WITHOUT_INCARNATION) ? "always" : "life" + incarnations;
  }
}
