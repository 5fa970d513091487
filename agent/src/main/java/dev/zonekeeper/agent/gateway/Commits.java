package dev.zonekeeper.agent.gateway;

import org.xbill.DNS.Name;

/**
 * The commits of the leader: what its named has applied is committed when every in-sync member
 * holds it durably.
 */
public interface Commits {

  /**
   * An update on its way through named and its commit. Closed when it is known what its client is
   * to be told: a leader that hands over waits for that.
   */
  interface Applying extends AutoCloseable {
    @Override
    void close();

    /**
     * named has answered. Blocks until all that named had applied to the zone when this was called
     * is committed, and until it is sure that this member still led after the update had come. To
     * be called before named's answer is passed on, whatever it is: an update that changes nothing
     * is answered from the zone's content, too, and a member that was deposed and does not know it
     * has an old one.
     *
     * @return the {@link System#nanoTime} at which the leader had read from named what the members
     *     are asked to hold
     * @throws NotCommittedException it will not be committed, or not in time, or this member does
     *     not lead any more; a failover may take it back
     */
    long settle() throws NotCommittedException, InterruptedException;
  }

  /**
   * To be called before an UPDATE for the zone is handed to named. May block, for instance while
   * the zone's serial is raised into this epoch.
   *
   * @throws NotCommittedException this member stopped leading, or may not take updates for this
   *     zone; the update must not be handed to named
   */
  Applying applying(Name zone) throws NotCommittedException, InterruptedException;

  /**
   * Blocks, for the answer to an ordinary query, until all that named had applied to the zone when
   * this was called is committed. Returns at once when nothing is outstanding, and when too few
   * members are in sync for any commit: the zone stays readable.
   *
   * @throws NotCommittedException it will not be committed, or not in time; a failover may take it
   *     back
   */
  void settleForRead(Name zone) throws NotCommittedException, InterruptedException;

  /**
   * Blocks until a serial of the zone is committed. Returns at once when it is, or when the zone is
   * not one of ours.
   *
   * @param serial an unsigned 32-bit number
   * @throws NotCommittedException it will not be committed, or not in time
   */
  void awaitCommitted(Name zone, long serial) throws NotCommittedException, InterruptedException;
}
