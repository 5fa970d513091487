package dev.zonekeeper.bench;

/** Whether a number reached its limit. */
public enum Verdict {
  /** It did. */
  REACHED,
  /** It did not. */
  MISSED,
  /** It has no limit: it is there to be seen. */
  SEEN;

  /** {@link #REACHED} or {@link #MISSED}. */
  static Verdict of(boolean reached) {
    return reached ? REACHED : MISSED;
  }
}
