package dev.zonekeeper.core;

/**
 * What a member of the primary set is, step by step. The legal transitions:
 *
 * <pre>
 *  Following  -> Contending   it may take over and proposes itself by compare-and-swap
 *  Contending -> Promoting    the lease is ours; named is being turned into the primary
 *  Contending -> Following    somebody else was faster
 *  Contending -> Demoting     somebody else was faster, and named is the primary still
 *  Promoting  -> Leading      the zones take writes
 *  Promoting  -> Draining     named did not become primary: another member shall lead
 *  Leading    -> Draining     handover: asked for, shutting down, or named is broken
 *  Leading    -> Contending   the lease was deleted and is made anew
 *  Draining   -> Releasing    nothing is under way any more; the lease is being released
 *  Releasing  -> Demoting     the lease is released
 *  Promoting, Leading, Draining, Releasing -> Demoting    the lease is somebody else's
 *  Demoting   -> Following    named is a secondary again
 *  Following, Leading, Demoting -> Stopped    shutdown
 * </pre>
 */
public sealed interface Role {

  /** A standby: its zones are secondary, and hot. */
  record Following() implements Role {}

  /**
   * A compare-and-swap that makes this member the leader is under way.
   *
   * @param named whether named is the primary already: its lease was deleted while it led
   */
  record Contending(boolean named) implements Role {}

  /** The leader of this epoch, not yet taking writes. */
  record Promoting(long epoch) implements Role {}

  /** The leader of this epoch, taking writes. */
  record Leading(long epoch) implements Role {}

  /** Still the leader, taking no new writes, waiting for those under way. */
  record Draining(long epoch, String target) implements Role {}

  /** Everything is committed or refused; the lease is being released to the target. */
  record Releasing(long epoch, String target) implements Role {}

  /** No leader any more; named is being turned into a secondary. */
  record Demoting() implements Role {}

  /** The process is about to end. */
  record Stopped() implements Role {}

  /** What this is, in words for the operator. */
  default String inWords() {
    return switch (this) {
      case Following r -> "following";
      case Contending r -> "contending";
      case Promoting r -> "promoting (epoch " + r.epoch() + ")";
      case Leading r -> "leading (epoch " + r.epoch() + ")";
      case Draining r -> "draining (epoch " + r.epoch() + ")";
      case Releasing r -> "releasing (epoch " + r.epoch() + ")";
      case Demoting r -> "demoting";
      case Stopped r -> "stopped";
    };
  }

  /** Whether the lease is, as far as this member knows, its own. */
  default boolean holdsLease() {
    return switch (this) {
      case Promoting p -> true;
      case Leading l -> true;
      case Draining d -> true;
      case Releasing r -> true;
      case Following f -> false;
      case Contending c -> false;
      case Demoting d -> false;
      case Stopped s -> false;
    };
  }
}
