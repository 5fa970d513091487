package dev.zonekeeper.agent.commit;

/**
 * Counts the updates of one zone by how far they have come: taken, given to {@code named}, applied
 * (or not, but {@code named} is done with it), read from {@code named} for the members, answered.
 * All is guarded by the zone's lock.
 */
final class UpdatesUnderWay {
  private long taken;
  private long atNamed;
  private long applied;
  private long appliedRead = -1;
  private long unanswered;

  /** An update from when it is taken until it is known what its client is to be told. */
  final class One {
    private final long number;
    private boolean isAtNamed = true;
    private boolean isAnswered;

    private One(long number) {
      this.number = number;
    }

    /** How many had been taken with it, at least 1: see {@link dev.zonekeeper.core.ZoneCommit}. */
    long number() {
      return number;
    }

    /** named has answered, or will not. May be called again. */
    void leaveNamed() {
      if (isAtNamed) {
        isAtNamed = false;
        atNamed--;
        applied++;
      }
    }

    /** It is known what the client is to be told. May be called again. */
    void answer() {
      leaveNamed();
      if (!isAnswered) {
        isAnswered = true;
        unanswered--;
      }
    }
  }

  /** One more goes to named. */
  One take() {
    taken++;
    atNamed++;
    unanswered++;
    return new One(taken);
  }

  /** How many have been taken so far. */
  long taken() {
    return taken;
  }

  /** How many named is working on. */
  long atNamed() {
    return atNamed;
  }

  /** How many named was done with so far. */
  long applied() {
    return applied;
  }

  /**
   * What named holds has been read.
   *
   * @param appliedBefore how many it was done with when the read began
   */
  void read(long appliedBefore) {
    appliedRead = Math.max(appliedRead, appliedBefore);
  }

  /** Whether what was read last holds all of them. */
  boolean areAllRead() {
    return atNamed == 0 && applied == appliedRead;
  }

  /** Whether nobody waits to be told what came of an update. */
  boolean areAllAnswered() {
    return unanswered == 0;
  }
}
