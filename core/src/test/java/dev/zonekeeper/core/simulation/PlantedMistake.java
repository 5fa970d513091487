package dev.zonekeeper.core.simulation;

/**
 * A deliberate error within the core: in one of its source files a piece of text, which must be
 * there exactly once, is replaced. Rules that surround the core, such as the resync marker, have
 * their errors in {@link Mistake}.
 */
enum PlantedMistake {
  /** Serials go on counting in a new epoch. */
  NO_EPOCH_IN_SERIALS(
      "ZoneSerial", "return (value >>> 16) == (epoch & 0xFFFF);", "return value != 0;"),
  /** Whoever takes over leads in the epoch of the leader before. */
  EPOCH_IS_NOT_RAISED(
      "FollowerTurn",
      "t.s.settings.nextEpochOf(t.s.self.name(), Math.max(old.epoch(), t.s.knownEpoch))",
      "old.epoch()"),
  /** Commits go on without a lagging member before the lease says so. */
  SHRINKS_BEFORE_THE_SWAP(
      "WaitedFor",
      "members.remove(t.s.self);",
      "members.removeAll(t.s.lagging); members.remove(t.s.self);"),
  /** Who is not in the in-sync set takes over as well. */
  ANYONE_MAY_TAKE_OVER("Takeover", "if (!lease.isInSync(s.self)) {", "if (false) {"),
  /** A member that has lost its disk is taken for the one that it was. */
  NAME_WITHOUT_INCARNATION(
      "Lease",
      "return inSync.contains(member);",
      "return inSync.stream().anyMatch(m -> m.name().equals(member.name()));"),
  /** A member joins the in-sync set without having confirmed the last serials. */
  JOINS_WITHOUT_CATCHING_UP("InSync", "if (covered) {", "if (true) {"),
  /** An update that changes nothing is answered at once, by whoever believes to lead. */
  ANSWERS_FROM_AN_OLD_ZONE("ZoneCommit", "return number == 0\n", "return number >= 0\n"),
  /** A confirmation by some of those that a commit waits for is enough. */
  COMMITS_WITHOUT_EACH_CONFIRMATION(
      "ZoneCommit",
      "ZoneSerial there = confirmed.get(member);\n      if (there == null) {",
      "ZoneSerial there = confirmed.getOrDefault(member, lowest);\n      if (there == null) {"),
  /** A member confirms in an epoch that a crash makes it forget. */
  CONFIRMS_BEFORE_THE_EPOCH_IS_KEPT(
      "Standing", "boolean isKept = epoch <= kept.epoch();", "boolean isKept = true;"),
  /** Commits go on without a member although nobody else has kept that it is not in sync. */
  REMOVES_WITHOUT_A_WITNESS("WaitedFor", "members.addAll(t.s.leaving);", ""),
  /** A member joins whose copy of the lease names one that was taken out since. */
  JOINS_WITH_AN_OLD_COPY(
      "LeaderTurn", "covered && WaitedFor.hasKeptRemovals(t, member)", "covered"),
  /** The lease is made anew from a copy although a later epoch is known. */
  RECOVERY_IGNORES_KNOWN_EPOCHS(
      "Recovery", "if (heardOf > newest.get().epoch()) {", "if (false) {"),
  /** A leader forgets whom a change of the lease of unknown outcome may have made in-sync. */
  NO_DOUBT("Turn", "s.doubtful = Set.copyOf(maybe);", "s.doubtful = Set.of();"),
  /** A leader stops to wait for a member before its own disk says that it is not in sync. */
  GOES_BY_THE_LEASE_ALONE(
      "WaitedFor", "t.s.kept.lease().ifPresent(l -> members.addAll(l.inSync()));", ""),
  /** A follower does not write down a state of the lease that says the same as one long before. */
  KEEPS_NO_STATE_AFTER_A_GAP(
      "Lease",
      "essence().equals(other.next(renewedAt).essence())",
      "holder.equals(other.holder) && epoch == other.epoch && inSync.equals(other.inSync)");

  private final String file;
  private final String right;
  private final String wrong;

  PlantedMistake(String file, String right, String wrong) {
    this.file = file;
    this.right = right;
    this.wrong = wrong;
  }

  /** The simple name of the class that is wrong. */
  String className() {
    return file;
  }

  /**
   * The file with the error in it.
   *
   * @throws IllegalStateException the text to be replaced is not there, or more than once: the core
   *     has changed, and the mistake must be planted elsewhere
   */
  String plantIn(String source) {
    int at = source.indexOf(right);
    if (at < 0 || source.indexOf(right, at + 1) >= 0) {
      throw new IllegalStateException(
          "%s.java has %s the text that %s replaces: %s"
              .formatted(file, at < 0 ? "not" : "more than once", this, right));
    }
    return source.substring(0, at) + wrong + source.substring(at + right.length());
  }
}
